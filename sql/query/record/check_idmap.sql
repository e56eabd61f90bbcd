-- Ids that lead neither to a resource nor to a shelf that waits for its Patient.
-- in: :limit int
-- out: a int, b int
SELECT m.hash, m.rid FROM idmap AS m
 WHERE NOT EXISTS (SELECT 1 FROM res AS r WHERE r.rid = m.rid)
   AND NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf << 24 = m.rid)
 ORDER BY m.hash, m.rid LIMIT :limit;
