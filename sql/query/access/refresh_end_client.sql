-- All refresh tokens of a client that is ended are revoked.
-- in: :client text, :ended time
UPDATE refresh SET ended = :ended WHERE client = :client AND ended = 0;
