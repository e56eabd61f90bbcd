-- A new person's shelf.
-- in: :shelf int, :person int, :change int
INSERT INTO shelf (shelf, person, change)
VALUES (:shelf, :person, :change)
ON CONFLICT (shelf) DO NOTHING;
