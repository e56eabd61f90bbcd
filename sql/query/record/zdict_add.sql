-- Adds a compression dictionary.
-- in: :id int, :body blob
INSERT INTO zdict (id, body) VALUES (:id, :body);
