-- The migrations the store has been through, oldest first.
-- out: number int, name text, sha256 text, at time
SELECT number, name, sha256, at FROM hf_migration ORDER BY number;
