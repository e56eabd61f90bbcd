-- The versions of a mark, the latest last.
-- in:   :mark int
-- out:  id int, mark int, version int, measure text, dim text, area text, grain text,
--       day int, kind text, cause text, reason text, stands int, said_at int,
--       said_by text, name text, org text
-- uses: pop_mark_version
SELECT id, mark, version, measure, dim, area, grain, day, kind, cause, reason, stands,
       said_at, said_by, name, org
  FROM pop_mark
 WHERE mark = :mark
 ORDER BY mark, version;
