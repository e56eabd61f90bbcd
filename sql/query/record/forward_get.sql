-- in: :rid int
-- out: target int
SELECT target FROM forward WHERE rid = :rid;
