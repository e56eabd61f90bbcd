-- Rows of pop_comment after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, digest blob, day int, asked text, rating int, service text, quote int,
--       body text, masked int, themes text, scheme text, change int
-- uses: pop_comment primary key
SELECT id, digest, day, asked, rating, service, quote, body, masked, themes, scheme,
       change
  FROM pop_comment
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
