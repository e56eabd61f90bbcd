-- Rows of mention after a key, in order of the key: backup.
-- in:   :shelf int, :rid int, :limit int
-- out:  shelf int, rid int
-- uses: mention primary key
SELECT shelf, rid
  FROM mention
 WHERE (shelf, rid) > (:shelf, :rid)
 ORDER BY shelf, rid
 LIMIT :limit;
