-- Adds a thing.
-- in: :id int, :n int,
--     :t text, :b blob
INSERT INTO thing (id, n, t, b) VALUES (:id, :n, :t, :b);
