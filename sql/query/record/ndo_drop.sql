-- Numbers of imports that do not count, a step at a time.
-- in:   :gen int, :limit int
DELETE FROM ndo
 WHERE (gen, hash) IN (SELECT o.gen, o.hash FROM ndo AS o
                        WHERE o.gen <> :gen
                        ORDER BY o.gen, o.hash
                        LIMIT :limit);
