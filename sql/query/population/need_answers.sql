-- What was answered about a list, the latest last.
-- in:   :list int
-- out:  id int, list int, pos int, answer text, reason text, task text, said_at int,
--       said_by text, change int
-- uses: need_answer_of
SELECT id, list, pos, answer, reason, task, said_at, said_by, change
  FROM need_answer
 WHERE list = :list
 ORDER BY list, pos, id;
