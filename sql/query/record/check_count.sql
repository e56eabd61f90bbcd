-- How much there is to check.
-- out: resources int, versions int, changes int, people int
SELECT (SELECT COUNT(*) FROM res), (SELECT COUNT(*) FROM hist),
       (SELECT COUNT(*) FROM change), (SELECT COUNT(*) FROM shelf);
