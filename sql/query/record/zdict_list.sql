-- The compression dictionaries, oldest first.
-- out: id int, body blob
SELECT id, body FROM zdict ORDER BY id;
