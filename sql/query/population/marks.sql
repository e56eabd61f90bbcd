-- All versions of all marks, as they were written.
-- in:   :limit int
-- out:  id int, mark int, version int, measure text, dim text, area text, grain text,
--       day int, kind text, cause text, reason text, stands int, said_at int,
--       said_by text, name text, org text
SELECT id, mark, version, measure, dim, area, grain, day, kind, cause, reason, stands,
       said_at, said_by, name, org
  FROM pop_mark
 ORDER BY id
 LIMIT :limit;
