-- Rows of link after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, low int, high int, said int, kind text, state text, score int, why text, fields text, change int, undone int, undone_why text
-- uses: link primary key
SELECT id, low, high, said, kind, state, score, why, fields, change, undone, undone_why
  FROM link
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
