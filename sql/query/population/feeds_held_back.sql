-- Feeds that count and of which figures are not to be published (population.md 8).
-- in:   none
-- out:  kind text, from int, to int
-- uses: pop_quality primary key
SELECT f.kind, f.day_from, f.day_to
  FROM pop_feed AS f
  JOIN pop_quality AS q ON q.feed = f.id
 WHERE f.state = 1 AND q.body LIKE '%"publishable":false%'
 ORDER BY f.id;
