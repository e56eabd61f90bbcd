-- What the matcher learned last.
-- out: version int, change int, people int, pairs int, model text, actor text
SELECT w.version, w.change, w.people, w.pairs, w.model,
       COALESCE(c.actor, '') AS actor
  FROM match_weights AS w LEFT JOIN change AS c ON c.change = w.change
 ORDER BY w.version DESC LIMIT 1;
