-- Those that pointed to a rid now point to where it went.
-- in: :to int, :rid int
UPDATE forward SET target = :to WHERE target = :rid;
