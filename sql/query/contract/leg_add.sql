-- Adds one row of ct_leg: what an entry is to each party: they add up to 0.
-- in:   :entry int, :party text, :pence int
INSERT INTO ct_leg (entry, party, pence)
VALUES (:entry, :party, :pence);
