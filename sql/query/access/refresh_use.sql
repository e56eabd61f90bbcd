-- It was replaced by another.
-- in: :hash text, :used time
UPDATE refresh SET used = :used WHERE hash = :hash AND used = 0 AND ended = 0;
