-- One row of ndo_list as it stood in a backup.
-- in:   :id int, :gen int, :list_at int, :imported int, :n int, :secret blob,
--       :change int
INSERT INTO ndo_list (id, gen, list_at, imported, n, secret, change)
VALUES (:id, :gen, :list_at, :imported, :n, :secret, :change);
