-- Links that count, in order (check).
-- in: :id int, :limit int
-- out: id int, low int, high int, state text
-- uses: link primary key
SELECT id, low, high, state FROM link
 WHERE id > :id AND undone = 0
 ORDER BY id
 LIMIT :limit;
