-- Rows of forward after a key, in order of the key: backup.
-- in:   :rid int, :limit int
-- out:  rid int, target int
-- uses: forward primary key
SELECT rid, target
  FROM forward
 WHERE rid > :rid
 ORDER BY rid
 LIMIT :limit;
