-- One broken glass.
-- in:   :id text
-- out:  id text, actor text, role text, org text, session int, shelf int, patient text,
--       reason text, words text, asked text, start int, until int, ended int, change int
-- uses: sqlite_autoindex_glass_1
SELECT id, actor, role, org, session, shelf, patient, reason, words, asked, start, until,
  ended, change
  FROM glass
 WHERE id = :id;
