-- Rows of need_answer after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, list int, pos int, answer text, reason text, task text, said_at int,
--       said_by text, change int
-- uses: need_answer primary key
SELECT id, list, pos, answer, reason, task, said_at, said_by, change
  FROM need_answer
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
