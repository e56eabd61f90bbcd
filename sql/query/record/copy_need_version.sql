-- Rows of need_version after a key, in order of the key: backup.
-- in:   :list int, :limit int
-- out:  list int, before int, because text, room text
-- uses: need_version primary key
SELECT list, before, because, room
  FROM need_version
 WHERE list > :list
 ORDER BY list
 LIMIT :limit;
