-- Feeds that were received whole, in the order of receipt.
-- in:   :after int
-- out:  id int, source text, kind text, from int, to int, file text, sha text,
--       map text, cut text, state int, replaced_by int, persons int, events int,
--       registrations int, conditions int, vals int, pool int, covers blob, at time, change int
SELECT id, source, kind, day_from, day_to, file, sha, map, cut, state, replaced_by,
       persons, events, registrations, conditions, vals, pool, covers, at,
       change
  FROM pop_feed
 WHERE state > 0 AND id > :after
 ORDER BY id;
