-- Rows of review after a key, in order of the key: backup.
-- in:   :shelf int, :other int, :limit int
-- out:  shelf int, other int, why text, change int
-- uses: sqlite_autoindex_review_1
SELECT shelf, other, why, change
  FROM review
 WHERE (shelf, other) > (:shelf, :other)
 ORDER BY shelf, other
 LIMIT :limit;
