-- Rows of pop_code after a key, in order of the key: backup.
-- in:   :kind int, :code int, :limit int
-- out:  kind int, code int, text text
-- uses: pop_code primary key
SELECT kind, code, text
  FROM pop_code
 WHERE (kind, code) > (:kind, :code)
 ORDER BY kind, code
 LIMIT :limit;
