-- Commits before one (that one too), newest first, none older than :since.
-- in: :before int, :since int, :limit int
-- out: change int, actor text, purpose text, source text, items blob
SELECT change, actor, purpose, source, items
  FROM change
 WHERE change <= :before AND change >= :since
 ORDER BY change DESC
 LIMIT :limit;
