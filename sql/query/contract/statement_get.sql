-- One statement.
-- in:   :contract text, :quarter text, :version int
-- out:  quarter text, version int, seq int, body blob, hash text, actor text, at int
-- uses: sqlite_autoindex_ct_statement_1
SELECT quarter, version, seq, body, hash, actor, at
  FROM ct_statement
 WHERE contract = :contract AND quarter = :quarter AND version = :version;
