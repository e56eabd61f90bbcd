-- Feeds that one replaced, newest first.
-- in:   :by int
-- out:  id int
SELECT id FROM pop_feed WHERE replaced_by = :by AND state = 2 ORDER BY id DESC;
