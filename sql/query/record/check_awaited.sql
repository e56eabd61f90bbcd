-- Ids that lead to a shelf that waits for its Patient, though they lead elsewhere.
-- in: :limit int
-- out: a int, b int
SELECT m.hash, m.rid >> 24 FROM idmap AS m
 WHERE NOT EXISTS (SELECT 1 FROM res AS r WHERE r.rid = m.rid)
   AND EXISTS (SELECT 1 FROM idmap AS o WHERE o.hash = m.hash AND o.rid <> m.rid)
 ORDER BY m.hash, m.rid LIMIT :limit;
