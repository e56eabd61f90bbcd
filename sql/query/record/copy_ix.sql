-- Rows of ix after a key, in order of the key: backup.
-- in:   :slot int, :value int, :rid int, :limit int
-- out:  slot int, value int, rid int
-- uses: ix primary key
SELECT slot, value, rid
  FROM ix
 WHERE (slot, value, rid) > (:slot, :value, :rid)
 ORDER BY slot, value, rid
 LIMIT :limit;
