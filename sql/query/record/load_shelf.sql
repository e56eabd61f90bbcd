-- One row of shelf as it stood in a backup.
-- in: :shelf int, :person int, :change int
INSERT INTO shelf (shelf, person, change)
VALUES (:shelf, :person, :change);
