-- The shelves left behind by their lowest get another name; why they are linked
-- stays as it was.
-- in: :to int, :from int, :shelf int
-- uses: shelf_person
UPDATE shelf SET person = :to WHERE person = :from AND shelf <> :shelf;
