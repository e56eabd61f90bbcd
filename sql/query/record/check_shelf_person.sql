-- Shelves that are linked to one that is not there or is itself linked to another.
-- in: :limit int
-- out: a int, b int
SELECT s.shelf, s.person FROM shelf AS s
 WHERE NOT EXISTS (SELECT 1 FROM shelf AS p
		    WHERE p.shelf = s.person AND p.person = p.shelf)
    OR s.person > s.shelf
 ORDER BY s.shelf LIMIT :limit;
