-- out: type int, n int
SELECT type, n FROM tally ORDER BY type;
