-- One notice.
-- in:   :id text
-- out:  id text, kind text, glass text, actor text, role text, org text, session int,
--       shelf int, patient text, case_ref text, recent int, at int, due int,
--       reviewed int, reviewer text, outcome text, note text, change int
-- uses: sqlite_autoindex_notice_1
SELECT id, kind, glass, actor, role, org, session, shelf, patient, case_ref, recent, at,
  due, reviewed, reviewer, outcome, note, change
  FROM notice
 WHERE id = :id;
