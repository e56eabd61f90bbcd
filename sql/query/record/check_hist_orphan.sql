-- Older versions of nothing, of another type than the newest, or newer than it.
-- in: :limit int
-- out: a int, b int
SELECT h.rid, h.version FROM hist AS h
 WHERE NOT EXISTS (SELECT 1 FROM res AS r
		    WHERE r.rid = h.rid AND r.type = h.type
		      AND r.version > h.version AND r.change > h.change)
 ORDER BY h.rid, h.version LIMIT :limit;
