-- Rows of hist after a key, in order of the key: backup.
-- in:   :rid int, :version int, :limit int
-- out:  rid int, version int, type int, change int, flags int, dict int, body blob
-- uses: sqlite_autoindex_hist_1
SELECT rid, version, type, change, flags, dict, body
  FROM hist
 WHERE (rid, version) > (:rid, :version)
 ORDER BY rid, version
 LIMIT :limit;
