-- Entries of the ledger whose legs do not add up to 0, or that have none; the sum.
-- in:   :limit int
-- out:  id int, sum int
SELECT e.id, CAST(COALESCE(SUM(l.pence), 0) AS INT64) AS sum
  FROM ct_entry AS e
  LEFT JOIN ct_leg AS l ON l.entry = e.id
 GROUP BY e.id
HAVING COUNT(l.entry) < 2 OR SUM(l.pence) <> 0
 ORDER BY e.id
 LIMIT :limit;
