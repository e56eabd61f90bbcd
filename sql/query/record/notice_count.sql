-- How many notices wait for review, and how many of them for too long.
-- in:   :now int
-- out:  open int, overdue int
SELECT COUNT(*) AS open,
       COALESCE(SUM(CASE WHEN due < :now THEN 1 ELSE 0 END), 0) AS overdue
  FROM notice
 WHERE reviewed = 0;
