-- Ends one, also one that has expired; no row changes when it is ended or not there.
-- in:   :id text, :ended int
UPDATE agreement SET ended = :ended
 WHERE id = :id AND ended > :ended;
