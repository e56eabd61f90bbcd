-- The newest row of a person.
-- out:  change int, shelf int
SELECT change, shelf FROM pop_record ORDER BY change DESC, shelf DESC LIMIT 1;
