-- Bodies packed with a dictionary that is not there.
-- in: :limit int
-- out: a int, b int
SELECT r.rid, r.dict FROM res AS r
 WHERE r.dict <> 0 AND NOT EXISTS (SELECT 1 FROM zdict AS z WHERE z.id = r.dict)
UNION ALL
SELECT h.rid, h.dict FROM hist AS h
 WHERE h.dict <> 0 AND NOT EXISTS (SELECT 1 FROM zdict AS z WHERE z.id = h.dict)
 ORDER BY 1, 2 LIMIT :limit;
