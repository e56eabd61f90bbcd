-- One commit with who made it.
-- in:   :change int
-- out:  change int, actor text, purpose text, source text, items blob, trace text
-- uses: change primary key
SELECT change, actor, purpose, source, items, trace
  FROM change
 WHERE change = :change;
