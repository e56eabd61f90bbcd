-- How many numbers an import wrote.
-- in:   :gen int
-- out:  n int
SELECT COUNT(*) AS n FROM ndo WHERE gen = :gen;
