-- All that was ever decided about a record, with who did it: the newest first.
-- in: :shelf int, :limit int
-- out: id int, low int, high int, said int, kind text, state text, score int, why text, fields text, change int, actor text, undone int, undone_why text, undone_actor text
-- uses: link_low, link_high
SELECT l.id, l.low, l.high, l.said, l.kind, l.state, l.score, l.why, l.fields, l.change,
       COALESCE(c.actor, '') AS actor, l.undone, l.undone_why,
       COALESCE(u.actor, '') AS undone_actor
  FROM (SELECT * FROM link WHERE low = :shelf
	UNION ALL
	SELECT * FROM link WHERE high = :shelf) AS l
  LEFT JOIN change AS c ON c.change = l.change
  LEFT JOIN change AS u ON u.change = l.undone
 ORDER BY l.id DESC
 LIMIT :limit;
