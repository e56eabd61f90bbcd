-- One row of ct_price_list as it stood in a backup.
-- in:   :id text, :supersedes text, :day_from int, :day_to int, :sha text, :at int,
--       :change int
INSERT INTO ct_price_list (id, supersedes, day_from, day_to, sha, at, change)
VALUES (:id, :supersedes, :day_from, :day_to, :sha, :at, :change);
