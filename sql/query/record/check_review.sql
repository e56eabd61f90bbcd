-- Pairs to look at of which one is not there.
-- in: :limit int
-- out: a int, b int
SELECT v.low, v.high FROM review AS v
 WHERE v.low >= v.high
    OR NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf = v.low)
    OR NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf = v.high)
 ORDER BY v.low, v.high LIMIT :limit;
