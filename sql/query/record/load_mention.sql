-- One row of mention as it stood in a backup.
-- in: :shelf int, :rid int
INSERT INTO mention (shelf, rid)
VALUES (:shelf, :rid);
