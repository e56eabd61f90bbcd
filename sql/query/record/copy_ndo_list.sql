-- Rows of ndo_list after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, gen int, list_at int, imported int, n int, secret blob, change int
-- uses: ndo_list primary key
SELECT id, gen, list_at, imported, n, secret, change
  FROM ndo_list
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
