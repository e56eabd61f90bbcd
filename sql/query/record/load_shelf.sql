-- One row of shelf as it stood in a backup.
-- in: :shelf int, :person int, :why text, :change int
INSERT INTO shelf (shelf, person, why, change)
VALUES (:shelf, :person, :why, :change);
