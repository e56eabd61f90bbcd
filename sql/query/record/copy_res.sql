-- Rows of res after a key, in order of the key: backup.
-- in:   :rid int, :limit int
-- out:  rid int, type int, version int, change int, flags int, sig int, lo int,
--         span int, dict int, body blob
-- uses: res primary key
SELECT rid, type, version, change, flags, sig, lo, span, dict, body
  FROM res
 WHERE rid > :rid
 ORDER BY rid
 LIMIT :limit;
