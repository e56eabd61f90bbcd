-- The newest commit.
-- out: change int
SELECT change FROM change ORDER BY change DESC LIMIT 1;
