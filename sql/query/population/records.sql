-- Persons whose rows were written after a commit, in the order of commits.
-- in:   :change int, :shelf int, :limit int
-- out:  shelf int, change int, body blob
-- uses: pop_record_change
SELECT shelf, change, body FROM pop_record
 WHERE (change, shelf) > (:change, :shelf)
 ORDER BY change, shelf
 LIMIT :limit;
