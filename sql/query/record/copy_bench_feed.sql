-- Rows of bench_feed after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, map text, version text, source text, file text, sha text, day_from int,
--       day_to int, n int, replaced_by int, found text, at int, change int
-- uses: bench_feed primary key
SELECT id, map, version, source, file, sha, day_from, day_to, n, replaced_by, found, at,
  change
  FROM bench_feed
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
