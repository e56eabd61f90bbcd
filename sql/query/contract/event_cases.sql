-- The cases of a contract, newest number last.
-- in:   :contract text, :limit int
-- out:  subject text, events int
-- uses: ct_event_contract
SELECT subject, MAX(seq) AS events
  FROM ct_event
 WHERE contract = :contract
 GROUP BY subject
 ORDER BY subject
 LIMIT :limit;
