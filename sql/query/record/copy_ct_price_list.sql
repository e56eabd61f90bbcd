-- Rows of ct_price_list after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, supersedes text, day_from int, day_to int, sha text, at int,
--       change int
-- uses: ct_price_list primary key
SELECT id, supersedes, day_from, day_to, sha, at, change
  FROM ct_price_list
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
