-- One row of pop_record as it stood in a backup.
-- in:   :shelf int, :change int, :body blob
INSERT INTO pop_record (shelf, change, body)
VALUES (:shelf, :change, :body);
