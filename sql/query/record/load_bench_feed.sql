-- One row of bench_feed as it stood in a backup.
-- in:   :id int, :map text, :version text, :source text, :file text, :sha text,
--       :day_from int, :day_to int, :n int, :replaced_by int, :found text, :at int,
--       :change int
INSERT INTO bench_feed (id, map, version, source, file, sha, day_from, day_to, n,
  replaced_by, found, at, change)
VALUES (:id, :map, :version, :source, :file, :sha, :day_from, :day_to, :n, :replaced_by,
  :found, :at, :change);
