-- Older versions go with a resource to its right shelf.
-- in: :to int, :rid int
UPDATE hist SET rid = :to WHERE rid = :rid;
