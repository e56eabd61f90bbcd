-- Notices that wait for review, newest first, before one (that one left out).
-- in:   :at int, :at_again int, :id text, :limit int
-- out:  id text, kind text, glass text, actor text, role text, org text, session int,
--       shelf int, patient text, case_ref text, recent int, at int, due int,
--       reviewed int, reviewer text, outcome text, note text, change int
-- uses: notice_open
SELECT id, kind, glass, actor, role, org, session, shelf, patient, case_ref, recent, at,
  due, reviewed, reviewer, outcome, note, change
  FROM notice
 WHERE reviewed = 0 AND at <= :at AND (at < :at_again OR id < :id)
 ORDER BY at DESC, id DESC
 LIMIT :limit;
