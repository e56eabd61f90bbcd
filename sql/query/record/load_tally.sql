-- One row of tally as it stood in a backup.
-- in: :type int, :n int
INSERT INTO tally (type, n)
VALUES (:type, :n);
