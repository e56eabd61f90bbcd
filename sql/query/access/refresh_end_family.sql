-- All that came of one consent is revoked.
-- in: :family text, :ended time
UPDATE refresh SET ended = :ended WHERE family = :family AND ended = 0;
