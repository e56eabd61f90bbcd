-- The newest link.
-- out: id int
SELECT id FROM link ORDER BY id DESC LIMIT 1;
