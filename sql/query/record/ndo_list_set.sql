-- Lets an import of the opt-out list count.
-- in:   :gen int, :list_at int, :imported int, :n int, :secret blob, :change int
INSERT INTO ndo_list (id, gen, list_at, imported, n, secret, change)
VALUES (1, :gen, :list_at, :imported, :n, :secret, :change)
ON CONFLICT (id) DO UPDATE
   SET gen = :gen, list_at = :list_at, imported = :imported, n = :n,
       secret = :secret, change = :change;
