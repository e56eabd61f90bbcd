-- Pairs to look at of which one is not there.
-- in: :limit int
-- out: a int, b int
SELECT v.shelf, v.other FROM review AS v
 WHERE NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf = v.shelf)
    OR NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf = v.other)
 ORDER BY v.shelf, v.other LIMIT :limit;
