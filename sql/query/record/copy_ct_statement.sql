-- Rows of ct_statement after a key, in order of the key: backup.
-- in:   :contract text, :quarter text, :version int, :limit int
-- out:  contract text, quarter text, version int, seq int, body blob, hash text,
--       actor text, at int, change int
-- uses: sqlite_autoindex_ct_statement_1
SELECT contract, quarter, version, seq, body, hash, actor, at, change
  FROM ct_statement
 WHERE (contract, quarter, version) > (:contract, :quarter, :version)
 ORDER BY contract, quarter, version
 LIMIT :limit;
