-- The place on a list that a proposal was made from.
-- in:   :task text
-- out:  list int, pos int
-- uses: need_answer_task
SELECT list, pos FROM need_answer
 WHERE task = :task AND task <> ''
 ORDER BY task, id DESC
 LIMIT 1;
