-- Resources of which a version between the first and the newest is missing.
-- in: :limit int
-- out: a int, b int
SELECT r.rid, r.version FROM res AS r
 WHERE r.version <> 1 + (SELECT COUNT(*) FROM hist AS h WHERE h.rid = r.rid)
 ORDER BY r.rid LIMIT :limit;
