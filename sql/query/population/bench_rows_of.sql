-- What one file says, in its order.
-- in:   :feed int
-- out:  org text, name text, parent text, from int, to int, figure text, num int,
--       den int, state int
-- uses: bench_row primary key
SELECT org, name, parent, day_from, day_to, figure, num, den, state
  FROM bench_row
 WHERE feed = :feed
 ORDER BY seq;
