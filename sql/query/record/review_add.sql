-- in: :shelf int, :other int, :why text, :change int
INSERT INTO review (shelf, other, why, change) VALUES (:shelf, :other, :why, :change)
ON CONFLICT (shelf, other) DO NOTHING;
