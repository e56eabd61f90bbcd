-- Rows of delegation after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, from_user text, from_org text, from_who text, to_user text,
--       shelf int, start int, until int, ended int, reason text, change int
-- uses: sqlite_autoindex_delegation_1
SELECT id, from_user, from_org, from_who, to_user, shelf, start, until, ended, reason,
       change
  FROM delegation
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
