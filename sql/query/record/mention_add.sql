-- in: :shelf int, :rid int
INSERT INTO mention (shelf, rid) VALUES (:shelf, :rid)
ON CONFLICT (shelf, rid) DO NOTHING;
