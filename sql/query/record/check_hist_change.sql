-- Older versions whose commit is not recorded.
-- in: :limit int
-- out: a int, b int
SELECT h.rid, h.version FROM hist AS h
 WHERE NOT EXISTS (SELECT 1 FROM change AS c WHERE c.change = h.change)
 ORDER BY h.rid, h.version LIMIT :limit;
