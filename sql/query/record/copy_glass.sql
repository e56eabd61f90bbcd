-- Rows of glass after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, actor text, role text, org text, session int, shelf int, patient text,
--       reason text, words text, asked text, start int, until int, ended int, change int
-- uses: sqlite_autoindex_glass_1
SELECT id, actor, role, org, session, shelf, patient, reason, words, asked, start, until,
  ended, change
  FROM glass
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
