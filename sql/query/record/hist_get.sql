-- One older version.
-- in: :rid int, :version int
-- out: type int, change int, flags int, dict int, body blob
SELECT type, change, flags, dict, body
  FROM hist WHERE rid = :rid AND version = :version;
