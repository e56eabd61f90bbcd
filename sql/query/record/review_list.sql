-- Pairs to look at, in order.
-- in: :shelf int, :other int, :limit int
-- out: shelf int, other int, why text, change int
SELECT shelf, other, why, change FROM review
 WHERE (shelf, other) > (:shelf, :other) ORDER BY shelf, other LIMIT :limit;
