-- The map in order (check).
-- in: :hash int, :rid int, :limit int
-- out: hash int, rid int
SELECT hash, rid FROM idmap
 WHERE hash > :hash OR (hash = :hash AND rid > :rid)
 ORDER BY hash, rid
 LIMIT :limit;
