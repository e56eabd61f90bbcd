-- The number of the newest figure of a contract that came by a time, and the last month
-- that any is of.
-- in:   :contract text, :at int
-- out:  seq int, month int
-- uses: sqlite_autoindex_ct_input_1
SELECT COALESCE(MAX(seq), 0) AS seq, COALESCE(MAX(month), 0) AS month
  FROM ct_input
 WHERE contract = :contract AND at <= :at;
