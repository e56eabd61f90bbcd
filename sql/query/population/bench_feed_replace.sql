-- Earlier files of the same map and source whose days are all in a later one.
-- in:   :by int, :map text, :source text, :from int, :to int
UPDATE bench_feed SET replaced_by = :by
 WHERE map = :map AND source = :source AND replaced_by = 0 AND id < :by
   AND day_from >= :from AND day_to <= :to;
