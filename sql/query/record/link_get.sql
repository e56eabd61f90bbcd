-- One link by its number.
-- in: :id int
-- out: low int, high int, said int, kind text, state text, undone int
-- uses: link primary key
SELECT low, high, said, kind, state, undone FROM link WHERE id = :id;
