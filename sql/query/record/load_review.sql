-- One row of review as it stood in a backup.
-- in: :shelf int, :other int, :why text, :change int
INSERT INTO review (shelf, other, why, change)
VALUES (:shelf, :other, :why, :change);
