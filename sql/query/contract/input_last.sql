-- The newest number of what came in for a contract; 0: nothing did.
-- in:   :contract text
-- out:  seq int
-- uses: sqlite_autoindex_ct_input_1
SELECT COALESCE(MAX(seq), 0) AS seq
  FROM ct_input
 WHERE contract = :contract;
