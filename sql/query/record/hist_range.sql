-- Older versions in order of rid and version: check, backup.
-- in: :rid int, :version int, :limit int
-- out: rid int, version int, type int, change int, flags int, dict int, body blob
SELECT rid, version, type, change, flags, dict, body
  FROM hist
 WHERE rid > :rid OR (rid = :rid AND version > :version)
 ORDER BY rid, version
 LIMIT :limit;
