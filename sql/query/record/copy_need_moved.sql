-- Rows of need_moved after a key, in order of the key: backup.
-- in:   :list int, :pos int, :limit int
-- out:  list int, pos int, pid blob, way text, why text, was int, now_at int
-- uses: need_moved primary key
SELECT list, pos, pid, way, why, was, now_at
  FROM need_moved
 WHERE (list, pos) > (:list, :pos)
 ORDER BY list, pos
 LIMIT :limit;
