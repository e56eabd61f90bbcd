-- Rows of ndo after a key, in order of the key: backup.
-- in:   :gen int, :hash int, :limit int
-- out:  gen int, hash int
-- uses: ndo primary key
SELECT gen, hash
  FROM ndo
 WHERE (gen, hash) > (:gen, :hash)
 ORDER BY gen, hash
 LIMIT :limit;
