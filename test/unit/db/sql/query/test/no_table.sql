-- Asks for a table that is not there.
-- out: a int
SELECT a FROM nowhere;
