-- A file of published figures.
-- in:   :id int, :map text, :version text, :source text, :file text, :sha text,
--       :from int, :to int, :n int, :found text, :at time, :change int
INSERT INTO bench_feed (id, map, version, source, file, sha, day_from, day_to, n,
  replaced_by, found, at, change)
VALUES (:id, :map, :version, :source, :file, :sha, :from, :to, :n, 0, :found, :at, :change);
