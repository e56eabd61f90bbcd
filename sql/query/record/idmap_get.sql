-- The rids an id may mean (more than one only when hashes collide).
-- in: :hash int
-- out: rid int
SELECT rid FROM idmap WHERE hash = :hash ORDER BY rid;
