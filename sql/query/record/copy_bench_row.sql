-- Rows of bench_row after a key, in order of the key: backup.
-- in:   :feed int, :seq int, :limit int
-- out:  feed int, seq int, org text, name text, parent text, day_from int, day_to int,
--       figure text, num int, den int, state int
-- uses: bench_row primary key
SELECT feed, seq, org, name, parent, day_from, day_to, figure, num, den, state
  FROM bench_row
 WHERE (feed, seq) > (:feed, :seq)
 ORDER BY feed, seq
 LIMIT :limit;
