-- Forwarding that leads nowhere, or stands where a resource is.
-- in: :limit int
-- out: a int, b int
SELECT f.rid, f.target FROM forward AS f
 WHERE NOT EXISTS (SELECT 1 FROM res AS r WHERE r.rid = f.target)
    OR EXISTS (SELECT 1 FROM res AS r WHERE r.rid = f.rid)
 ORDER BY f.rid LIMIT :limit;
