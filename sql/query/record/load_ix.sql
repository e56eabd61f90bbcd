-- One row of ix as it stood in a backup.
-- in: :slot int, :value int, :rid int
INSERT INTO ix (slot, value, rid)
VALUES (:slot, :value, :rid);
