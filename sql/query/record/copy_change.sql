-- Rows of change after a key, in order of the key: backup.
-- in:   :change int, :limit int
-- out:  change int, actor text, purpose text, source text, items blob, trace text, link blob
-- uses: change primary key
SELECT change, actor, purpose, source, items, trace, link
  FROM change
 WHERE change > :change
 ORDER BY change
 LIMIT :limit;
