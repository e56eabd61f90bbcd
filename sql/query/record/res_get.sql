-- The newest version of one resource.
-- in: :rid int
-- out: rid int, type int, version int, change int, flags int, sig int, lo int, span int, dict int, body blob
SELECT rid, type, version, change, flags, sig, lo, span, dict, body
  FROM res WHERE rid = :rid;
