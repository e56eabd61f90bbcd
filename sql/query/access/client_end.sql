-- A client may no longer ask.
-- in: :id text, :ended time
UPDATE client SET ended = :ended WHERE id = :id AND ended = 0;
