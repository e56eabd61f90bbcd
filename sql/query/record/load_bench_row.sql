-- One row of bench_row as it stood in a backup.
-- in:   :feed int, :seq int, :org text, :name text, :parent text, :day_from int,
--       :day_to int, :figure text, :num int, :den int, :state int
INSERT INTO bench_row (feed, seq, org, name, parent, day_from, day_to, figure, num, den, state)
VALUES (:feed, :seq, :org, :name, :parent, :day_from, :day_to, :figure, :num, :den, :state);
