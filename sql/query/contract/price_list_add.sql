-- A version of a price list comes in.
-- in:   :id text, :supersedes text, :day_from int, :day_to int, :sha text, :at time,
--       :change int
INSERT INTO ct_price_list (id, supersedes, day_from, day_to, sha, at, change)
VALUES (:id, :supersedes, :day_from, :day_to, :sha, :at, :change);
