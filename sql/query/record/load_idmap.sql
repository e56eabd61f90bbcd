-- One row of idmap as it stood in a backup.
-- in: :hash int, :rid int
INSERT INTO idmap (hash, rid)
VALUES (:hash, :rid);
