-- How many people the record has rows of, and the newest commit that wrote any.
-- in:   none
-- out:  n int, change int
SELECT CAST(COALESCE(SUM(CASE WHEN LENGTH(body) > 0 THEN 1 ELSE 0 END), 0) AS INT64),
       CAST(COALESCE(MAX(change), 0) AS INT64)
  FROM pop_record;
