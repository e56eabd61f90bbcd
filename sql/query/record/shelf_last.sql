-- out: shelf int
SELECT shelf FROM shelf ORDER BY shelf DESC LIMIT 1;
