-- The events of a case, in order.
-- in:   :subject text, :limit int
-- out:  seq int, contract text, token text, event text, actor text, role text,
--       org text, party int, signatory int, at int, reason text, facts text,
--       state_from text, state_to text, hash text
-- uses: sqlite_autoindex_ct_event_1
SELECT seq, contract, token, event, actor, role, org, party, signatory, at, reason, facts, state_from, state_to, hash
  FROM ct_event
 WHERE subject = :subject
 ORDER BY seq
 LIMIT :limit;
