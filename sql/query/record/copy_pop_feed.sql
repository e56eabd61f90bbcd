-- Rows of pop_feed after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, source text, kind text, day_from int, day_to int, file text,
--       sha text, map text, cut text, state int, replaced_by int, persons int,
--       events int, registrations int, conditions int, vals int, pool int,
--       covers blob, at int, change int
-- uses: pop_feed primary key
SELECT id, source, kind, day_from, day_to, file, sha, map, cut, state, replaced_by,
       persons, events, registrations, conditions, vals, pool, covers, at, change
  FROM pop_feed
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
