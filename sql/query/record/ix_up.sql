-- Index rows upward from a place (exclusive).
-- in: :slot int, :value int, :rid int, :hi int, :limit int
-- out: value int, rid int
-- uses: ix primary key
SELECT value, rid FROM ix
 WHERE slot = :slot AND (value, rid) > (:value, :rid) AND value <= :hi
 ORDER BY value, rid
 LIMIT :limit;
