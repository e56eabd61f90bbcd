-- All things, by text.
-- out: id int, t text
-- uses: thing_t
SELECT id, t FROM thing ORDER BY t, id; -- a comment with a ' and a :name
