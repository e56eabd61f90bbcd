-- The last rid of a shelf.
-- in: :from int, :to int
-- out: rid int
SELECT rid FROM res WHERE rid >= :from AND rid <= :to ORDER BY rid DESC LIMIT 1;
