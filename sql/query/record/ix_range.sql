-- All index rows in order (check).
-- in: :slot int, :value int, :rid int, :limit int
-- out: slot int, value int, rid int
SELECT slot, value, rid FROM ix
 WHERE (slot, value, rid) > (:slot, :value, :rid)
 ORDER BY slot, value, rid
 LIMIT :limit;
