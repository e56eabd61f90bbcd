-- Index rows downward from a place (exclusive).
-- in: :slot int, :value int, :rid int, :lo int, :limit int
-- out: value int, rid int
-- uses: ix primary key
SELECT value, rid FROM ix
 WHERE slot = :slot AND (value, rid) < (:value, :rid) AND value >= :lo
 ORDER BY value DESC, rid DESC
 LIMIT :limit;
