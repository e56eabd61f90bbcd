-- A new person's shelf.
-- in: :shelf int, :person int, :why text, :change int
INSERT INTO shelf (shelf, person, why, change)
VALUES (:shelf, :person, :why, :change)
ON CONFLICT (shelf) DO NOTHING;
