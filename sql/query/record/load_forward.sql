-- One row of forward as it stood in a backup.
-- in: :rid int, :target int
INSERT INTO forward (rid, target)
VALUES (:rid, :target);
