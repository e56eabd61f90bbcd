-- The shelves of one person become those of another.
-- in: :to int, :why text, :change int, :from int
UPDATE shelf SET person = :to, why = :why, change = :change WHERE person = :from;
