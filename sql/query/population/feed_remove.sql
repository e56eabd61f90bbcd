-- A feed that was never whole.
-- in:   :id int
DELETE FROM pop_feed WHERE id = :id AND state = 0;
