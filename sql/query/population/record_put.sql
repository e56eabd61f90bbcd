-- What the record says of a person now.
-- in:   :shelf int, :change int, :body blob
INSERT INTO pop_record (shelf, change, body) VALUES (:shelf, :change, :body)
ON CONFLICT (shelf) DO UPDATE SET change = excluded.change, body = excluded.body;
