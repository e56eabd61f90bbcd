-- in: :shelf int, :rid int
DELETE FROM mention WHERE shelf = :shelf AND rid = :rid;
