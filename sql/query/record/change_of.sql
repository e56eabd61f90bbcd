-- Commits of one actor before one (that one left out), newest first.
-- in:   :actor text, :before int, :since int, :limit int
-- out:  change int, actor text, purpose text, source text, items blob, trace text
-- uses: change_actor
SELECT change, actor, purpose, source, items, trace
  FROM change
 WHERE actor = :actor AND change < :before AND change >= :since
 ORDER BY change DESC
 LIMIT :limit;
