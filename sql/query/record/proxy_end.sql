-- Ends one; no row changes when it is over or not there.
-- in:   :id text, :ended int
UPDATE proxy SET ended = :ended
 WHERE id = :id AND ended > :ended AND until > :ended;
