-- Price lists without their commit or a file that each has, and files of no list.
-- in: :limit int
-- out: a int, b int
SELECT l.change, 3 FROM ct_price_list AS l
 WHERE NOT EXISTS (SELECT 1 FROM change AS c WHERE c.change = l.change)
    OR 3 > (SELECT COUNT(*) FROM ct_price_file AS f
             WHERE f.list = l.id AND f.name IN ('list.csv', 'hrg.csv', 'mff.csv'))
UNION ALL
SELECT 0, COUNT(*) FROM ct_price_file AS f
 WHERE NOT EXISTS (SELECT 1 FROM ct_price_list AS l WHERE l.id = f.list)
HAVING COUNT(*) > 0
 ORDER BY 1, 2 LIMIT :limit;
