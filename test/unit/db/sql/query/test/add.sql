-- Adds to the numbers of some things.
-- in: :by int, :from int
UPDATE thing SET n = n + :by WHERE id >= :from;
