-- Whole rows of a run of rids, in rid order: export, check, rebuild.
-- in: :from int, :to int, :limit int
-- out: rid int, type int, version int, change int, flags int, sig int, lo int, span int, dict int, body blob
-- uses: res primary key
SELECT rid, type, version, change, flags, sig, lo, span, dict, body
  FROM res
 WHERE rid >= :from AND rid <= :to
 ORDER BY rid
 LIMIT :limit;
