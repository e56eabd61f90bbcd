-- Rows of idmap after a key, in order of the key: backup.
-- in:   :hash int, :rid int, :limit int
-- out:  hash int, rid int
-- uses: idmap primary key
SELECT hash, rid
  FROM idmap
 WHERE (hash, rid) > (:hash, :rid)
 ORDER BY hash, rid
 LIMIT :limit;
