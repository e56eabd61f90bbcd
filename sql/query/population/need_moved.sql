-- Who entered a list and who left it since the version before.
-- in:   :list int
-- out:  list int, pos int, pid blob, way text, why text, was int, now_at int
-- uses: need_moved primary key
SELECT list, pos, pid, way, why, was, now_at
  FROM need_moved
 WHERE list = :list
 ORDER BY list, pos;
