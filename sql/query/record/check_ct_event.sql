-- Changes of contracts that name a commit which is not recorded; with how many events.
-- in:   :limit int
-- out:  change int, events int
SELECT e.change, COUNT(*) AS events
  FROM ct_event AS e
  LEFT JOIN change AS c ON c.change = e.change
 WHERE c.change IS NULL
 GROUP BY e.change
 ORDER BY e.change
 LIMIT :limit;
