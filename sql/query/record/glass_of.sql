-- Glasses that a user broke since a time, newest first.
-- in:   :actor text, :since int
-- out:  id text, shelf int, reason text, start int, until int, ended int
-- uses: glass_actor
SELECT id, shelf, reason, start, until, ended
  FROM glass
 WHERE actor = :actor AND start > :since
 ORDER BY start DESC, id
 LIMIT 1000;
