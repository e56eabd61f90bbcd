-- One row of setting as it stood in a backup.
-- in: :name text, :value blob
INSERT INTO setting (name, value)
VALUES (:name, :value);
