-- Links of records that are not there, or the wrong way round, or by commits that are
-- not recorded.
-- in: :limit int
-- out: a int, b int
SELECT l.id, l.low FROM link AS l
 WHERE l.low >= l.high OR l.said NOT IN (l.low, l.high)
    OR NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf = l.low)
    OR NOT EXISTS (SELECT 1 FROM shelf AS s WHERE s.shelf = l.high)
    OR NOT EXISTS (SELECT 1 FROM change AS c WHERE c.change = l.change)
    OR l.undone <> 0
   AND NOT EXISTS (SELECT 1 FROM change AS c WHERE c.change = l.undone)
 ORDER BY l.id LIMIT :limit;
