-- Rows of match_weights after a key, in order of the key: backup.
-- in:   :version int, :limit int
-- out:  version int, change int, people int, pairs int, model text
SELECT version, change, people, pairs, model FROM match_weights
 WHERE version > :version
 ORDER BY version
 LIMIT :limit;
