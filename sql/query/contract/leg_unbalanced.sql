-- Entries whose legs do not add up to 0, or that have none.
-- in:   :limit int
-- out:  id int
SELECT e.id
  FROM ct_entry AS e
 WHERE COALESCE((SELECT SUM(l.pence) FROM ct_leg AS l WHERE l.entry = e.id), 1) <> 0
 ORDER BY e.id
 LIMIT :limit;
