-- Newest versions whose commit is not recorded.
-- in: :limit int
-- out: a int, b int
SELECT r.rid, r.change FROM res AS r
 WHERE NOT EXISTS (SELECT 1 FROM change AS c WHERE c.change = r.change)
 ORDER BY r.rid LIMIT :limit;
