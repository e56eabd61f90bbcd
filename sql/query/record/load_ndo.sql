-- One row of ndo as it stood in a backup.
-- in:   :gen int, :hash int
INSERT INTO ndo (gen, hash)
VALUES (:gen, :hash);
