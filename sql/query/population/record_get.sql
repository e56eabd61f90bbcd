-- What the record says of one person.
-- in:   :shelf int
-- out:  body blob
SELECT body FROM pop_record WHERE shelf = :shelf;
