-- A number of an import of the opt-out list.
-- in:   :gen int, :hash int
INSERT INTO ndo (gen, hash) VALUES (:gen, :hash) ON CONFLICT (gen, hash) DO NOTHING;
