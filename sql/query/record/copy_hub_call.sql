-- Rows of hub_call after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, holder text, shelf int, start int, until int, ended int, change int
-- uses: sqlite_autoindex_hub_call_1
SELECT id, holder, shelf, start, until, ended, change
  FROM hub_call
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
