-- Glasses that are broken at a time or later, for the snapshot of rights.
-- in:   :now int
-- out:  id text, actor text, shelf int, reason text, start int, until int
SELECT id, actor, shelf, reason, start,
       CASE WHEN ended < until THEN ended ELSE until END AS until
  FROM glass
 WHERE until > :now AND ended > :now
 ORDER BY id;
