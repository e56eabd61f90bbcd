-- in: :shelf int, :rid int, :limit int
-- out: shelf int, rid int
SELECT shelf, rid FROM mention
 WHERE (shelf, rid) > (:shelf, :rid) ORDER BY shelf, rid LIMIT :limit;
