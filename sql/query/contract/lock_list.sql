-- Months of a contract that take no more entries.
-- in:   :contract text
-- out:  period int, statement text, actor text, at int
-- uses: sqlite_autoindex_ct_lock_1
SELECT period, statement, actor, at
  FROM ct_lock
 WHERE contract = :contract
 ORDER BY period;
