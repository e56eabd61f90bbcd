-- in: :hash int, :rid int
DELETE FROM idmap WHERE hash = :hash AND rid = :rid;
