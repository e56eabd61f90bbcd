-- Rows of proxy after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, holder text, shelf int, contents text, relationship text, born int,
--       reviewed int, named int, start int, until int, ended int, change int
-- uses: sqlite_autoindex_proxy_1
SELECT id, holder, shelf, contents, relationship, born, reviewed, named, start, until,
       ended, change
  FROM proxy
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
