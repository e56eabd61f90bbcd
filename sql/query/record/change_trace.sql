-- Commits before one (that one left out), newest first, none older than :since, with
-- who made them.
-- in:   :before int, :since int, :limit int
-- out:  change int, actor text, purpose text, source text, items blob, trace text
-- uses: change primary key
SELECT change, actor, purpose, source, items, trace
  FROM change
 WHERE change < :before AND change >= :since
 ORDER BY change DESC
 LIMIT :limit;
