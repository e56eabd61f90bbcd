-- Shelves in order (check, export).
-- in: :shelf int, :limit int
-- out: shelf int, person int, why text, change int
SELECT shelf, person, why, change FROM shelf
 WHERE shelf > :shelf ORDER BY shelf LIMIT :limit;
