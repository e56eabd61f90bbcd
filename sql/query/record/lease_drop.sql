-- Gives the lease back.
-- in: :owner text
DELETE FROM lease WHERE id = 1 AND owner = :owner;
