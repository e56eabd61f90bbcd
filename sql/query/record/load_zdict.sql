-- One row of zdict as it stood in a backup.
-- in: :id int, :body blob
INSERT INTO zdict (id, body)
VALUES (:id, :body);
