-- What an entry is to each party.
-- in:   :entry int
-- out:  party text, pence int
-- uses: sqlite_autoindex_ct_leg_1
SELECT party, pence
  FROM ct_leg
 WHERE entry = :entry
 ORDER BY party;
