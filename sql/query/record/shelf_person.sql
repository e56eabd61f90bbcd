-- All shelves of the person whose shelf this is.
-- in: :shelf int
-- out: shelf int, person int
-- uses: shelf_person
SELECT s.shelf, s.person
  FROM shelf AS s
 WHERE s.person = (SELECT o.person FROM shelf AS o WHERE o.shelf = :shelf)
 ORDER BY s.shelf;
