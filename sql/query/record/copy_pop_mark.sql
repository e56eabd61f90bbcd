-- Rows of pop_mark after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, mark int, version int, measure text, dim text, area text, grain text,
--       day int, kind text, cause text, reason text, stands int, said_at int,
--       said_by text, name text, org text, change int
-- uses: pop_mark primary key
SELECT id, mark, version, measure, dim, area, grain, day, kind, cause, reason, stands,
       said_at, said_by, name, org, change
  FROM pop_mark
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
