-- Commits before one that wrote something that stands on a shelf, newest first.
-- in:   :lo int, :hi int, :before int, :since int, :lo_again int, :hi_again int,
--       :before_again int, :since_again int, :limit int
-- out:  change int
-- uses: res primary key
SELECT change FROM res
 WHERE rid BETWEEN :lo AND :hi AND change < :before AND change >= :since
 UNION
SELECT change FROM hist
 WHERE rid BETWEEN :lo_again AND :hi_again AND change < :before_again
   AND change >= :since_again
 ORDER BY change DESC
 LIMIT :limit;
