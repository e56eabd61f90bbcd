-- Feeds that were begun and never finished.
-- out:  id int
SELECT id FROM pop_feed WHERE state = 0 ORDER BY id;
