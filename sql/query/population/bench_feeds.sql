-- Files of published figures, oldest first.
-- out:  id int, map text, version text, source text, file text, sha text, from int,
--       to int, n int, replaced_by int, found text, at time
SELECT id, map, version, source, file, sha, day_from, day_to, n, replaced_by, found, at
  FROM bench_feed
 ORDER BY id;
