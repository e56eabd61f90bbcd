-- Rows of ct_price_file after a key, in order of the key: backup.
-- in:   :list text, :name text, :limit int
-- out:  list text, name text, body blob
-- uses: ct_price_file_key
SELECT list, name, body
  FROM ct_price_file
 WHERE (list, name) > (:list, :name)
 ORDER BY list, name
 LIMIT :limit;
