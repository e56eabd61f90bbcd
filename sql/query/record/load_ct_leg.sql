-- One row of ct_leg as it stood in a backup.
-- in:   :entry int, :party text, :pence int
INSERT INTO ct_leg (entry, party, pence)
VALUES (:entry, :party, :pence);
