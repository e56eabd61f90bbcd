-- The newest version of a quarter; 0: there is none.
-- in:   :contract text, :quarter text
-- out:  version int
-- uses: sqlite_autoindex_ct_statement_1
SELECT COALESCE(MAX(version), 0) AS version
  FROM ct_statement
 WHERE contract = :contract AND quarter = :quarter;
