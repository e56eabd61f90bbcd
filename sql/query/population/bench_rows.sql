-- A figure as files that were not replaced have it; of one organisation and period the
-- newest first.
-- in:   :figure text
-- out:  org text, name text, parent text, from int, to int, num int, den int, state int,
--       feed int
-- uses: bench_row_figure
SELECT r.org, r.name, r.parent, r.day_from, r.day_to, r.num, r.den, r.state, r.feed
  FROM bench_row AS r
  JOIN bench_feed AS f ON f.id = r.feed
 WHERE r.figure = :figure AND f.replaced_by = 0
 ORDER BY r.org, r.day_from, r.feed DESC, r.seq;
