-- A shelf becomes one of a person's.
-- in: :person int, :change int, :shelf int
UPDATE shelf SET person = :person, change = :change
 WHERE shelf = :shelf AND person <> :person;
