-- Shelves in order (check, export).
-- in: :shelf int, :limit int
-- out: shelf int, person int, change int
SELECT shelf, person, change FROM shelf
 WHERE shelf > :shelf ORDER BY shelf LIMIT :limit;
