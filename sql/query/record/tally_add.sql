-- in: :type int, :n int
INSERT INTO tally (type, n) VALUES (:type, :n)
ON CONFLICT (type) DO UPDATE SET n = tally.n + excluded.n;
