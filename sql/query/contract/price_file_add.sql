-- A file of a version comes in.
-- in:   :list text, :name text, :body blob
INSERT INTO ct_price_file (list, name, body) VALUES (:list, :name, :body);
