-- in: :shelf int
-- out: person int
SELECT person FROM shelf WHERE shelf = :shelf;
