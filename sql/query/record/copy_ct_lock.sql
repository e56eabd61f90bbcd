-- Rows of ct_lock after a key, in order of the key: backup.
-- in:   :contract text, :period int, :limit int
-- out:  contract text, period int, statement text, actor text, at int, change int
-- uses: sqlite_autoindex_ct_lock_1
SELECT contract, period, statement, actor, at, change
  FROM ct_lock
 WHERE (contract, period) > (:contract, :period)
 ORDER BY contract, period
 LIMIT :limit;
