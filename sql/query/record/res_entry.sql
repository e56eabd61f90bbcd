-- What stands beside the body of one resource.
-- in: :rid int
-- out: rid int, type int, version int, change int, flags int, sig int, lo int, span int
SELECT rid, type, version, change, flags, sig, lo, span FROM res WHERE rid = :rid;
