-- One fact about the store.
-- in: :name text
-- out: value blob
SELECT value FROM setting WHERE name = :name;
