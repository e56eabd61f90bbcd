-- in: :rid int, :target int
INSERT INTO forward (rid, target) VALUES (:rid, :target);
