-- Rows of ct_leg after a key, in order of the key: backup.
-- in:   :entry int, :party text, :limit int
-- out:  entry int, party text, pence int
-- uses: sqlite_autoindex_ct_leg_1
SELECT entry, party, pence
  FROM ct_leg
 WHERE (entry, party) > (:entry, :party)
 ORDER BY entry, party
 LIMIT :limit;
