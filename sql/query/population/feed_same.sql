-- A feed that was read from the same bytes as the same kind.
-- in:   :sha text, :kind text
-- out:  id int
-- uses: pop_feed_sha
SELECT id FROM pop_feed
 WHERE sha = :sha AND kind = :kind AND state > 0
 ORDER BY id LIMIT 1;
