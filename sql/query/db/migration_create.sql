-- The table of migrations this store has been through, made with the first one.
CREATE TABLE IF NOT EXISTS hf_migration (
	number KEY64 PRIMARY KEY, -- NNNN of the file
	name TEXT NOT NULL,       -- the rest of its name
	sha256 TEXT NOT NULL,     -- of its SQL, without comments
	at INT64 NOT NULL         -- when it ran: milliseconds UTC
);
