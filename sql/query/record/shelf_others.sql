-- The other shelves of a person, lowest first.
-- in: :person int, :shelf int
-- out: shelf int
-- uses: shelf_person
SELECT shelf FROM shelf WHERE person = :person AND shelf <> :shelf ORDER BY shelf;
