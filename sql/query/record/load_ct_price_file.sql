-- One row of ct_price_file as it stood in a backup.
-- in:   :list text, :name text, :body blob
INSERT INTO ct_price_file (list, name, body) VALUES (:list, :name, :body);
