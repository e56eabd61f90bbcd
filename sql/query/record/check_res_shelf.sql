-- Resources on a person's shelf that does not exist.
-- in: :first int, :limit int
-- out: a int, b int
SELECT r.rid, r.type FROM res AS r
 WHERE r.rid >= :first
   AND NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf = r.rid >> 24)
 ORDER BY r.rid LIMIT :limit;
