-- Statements of a contract without their bytes.
-- in:   :contract text, :limit int
-- out:  quarter text, version int, seq int, hash text, actor text, at int
-- uses: sqlite_autoindex_ct_statement_1
SELECT quarter, version, seq, hash, actor, at
  FROM ct_statement
 WHERE contract = :contract
 ORDER BY quarter, version
 LIMIT :limit;
