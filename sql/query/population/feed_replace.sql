-- Earlier feeds of the same source and kind whose days are all in a later one.
-- in:   :by int, :source text, :kind text, :from int, :to int
UPDATE pop_feed SET state = 2, replaced_by = :by
 WHERE source = :source AND kind = :kind AND state = 1 AND id < :by
   AND day_from >= :from AND day_to <= :to;
