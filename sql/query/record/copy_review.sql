-- Rows of review after a key, in order of the key: backup.
-- in:   :low int, :high int, :limit int
-- out:  low int, high int, kind text, score int, why text, fields text, change int, state text, until int, decided int, reason text
-- uses: sqlite_autoindex_review_1
SELECT low, high, kind, score, why, fields, change, state, until, decided, reason
  FROM review
 WHERE (low, high) > (:low, :high)
 ORDER BY low, high
 LIMIT :limit;
