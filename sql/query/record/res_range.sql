-- Entries of a run of rids, in rid order: a shelf, or a step of a scan.
-- in: :from int, :to int, :limit int
-- out: rid int, type int, version int, change int, flags int, sig int, lo int, span int
-- uses: res primary key
SELECT rid, type, version, change, flags, sig, lo, span
  FROM res
 WHERE rid >= :from AND rid <= :to
 ORDER BY rid
 LIMIT :limit;
