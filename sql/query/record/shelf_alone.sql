-- A shelf becomes a person of its own; why says what took it from the others.
-- in: :why text, :change int, :shelf int
UPDATE shelf SET person = shelf, why = :why, change = :change WHERE shelf = :shelf;
