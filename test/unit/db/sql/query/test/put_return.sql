-- Adds a thing and gives what was added.
-- in: :id int, :t text
-- out: id int, t text
INSERT INTO thing (id, t) VALUES (:id, :t) RETURNING id, t;
