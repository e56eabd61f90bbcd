-- The hashes of an import after one of them.
-- in:   :gen int, :hash int, :limit int
-- out:  hash int
-- uses: ndo primary key
SELECT hash FROM ndo WHERE gen = :gen AND hash > :hash ORDER BY hash LIMIT :limit;
