-- Ends one; no row changes when it is over or not there.
-- in:   :id text, :ended int
UPDATE delegation SET ended = :ended
 WHERE id = :id AND ended > :ended AND until > :ended;
