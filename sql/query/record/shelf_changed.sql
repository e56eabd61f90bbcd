-- Shelves that one commit put to a person.
-- in:   :change int
-- out:  shelf int
SELECT shelf FROM shelf WHERE change = :change ORDER BY shelf;
