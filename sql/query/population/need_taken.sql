-- Who was answered about since a time, the latest last: who is on a caseload already.
-- in:   :since int, :limit int
-- out:  pid blob, answer text
-- uses: need_answer_at, need_person primary key
SELECT p.pid, a.answer
  FROM need_answer AS a
  JOIN need_person AS p ON p.list = a.list AND p.pos = a.pos
 WHERE a.said_at >= :since
 ORDER BY a.said_at, a.id
 LIMIT :limit;
