-- Things from an id on.
-- in: :id int
-- out: id int
-- uses: thing primary key
SELECT id FROM thing WHERE id >= :id ORDER BY id;
