-- How many people the record has rows of, and the newest commit that wrote any.
-- in:   none
-- out:  n int, change int
SELECT COUNT(*), CAST(COALESCE(MAX(change), 0) AS INT64) FROM pop_record;
