-- An id that somebody else gave.
-- in: :hash int, :rid int
INSERT INTO idmap (hash, rid) VALUES (:hash, :rid);
