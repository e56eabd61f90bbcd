-- One thing.
-- in: :id int
-- out: n int, t text, b blob
-- uses: thing primary key
SELECT n, t, b FROM thing WHERE id = :id;
