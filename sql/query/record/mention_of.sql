-- in: :shelf int
-- out: rid int
SELECT rid FROM mention WHERE shelf = :shelf ORDER BY rid;
