-- When the first figures of a line and month came, by cut.
-- in:   :contract text, :line text, :month int
-- out:  frozen int, first int
-- uses: sqlite_autoindex_ct_input_1
SELECT frozen, MIN(at) AS first
  FROM ct_input
 WHERE contract = :contract AND line = :line AND month = :month
 GROUP BY frozen
 ORDER BY frozen;
