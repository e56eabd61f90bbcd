-- Versions of price lists, as they were imported.  docs/interfaces/prices.md

CREATE TABLE ct_price_list ( -- added to, never changed
	id TEXT PRIMARY KEY,        -- as its list.csv calls it
	supersedes TEXT NOT NULL,   -- id of another; empty: none
	day_from INT64 NOT NULL,    -- valid, days since 1970-01-01
	day_to INT64 NOT NULL,      -- the last one
	sha TEXT NOT NULL,          -- SHA-256 of its files, hexadecimal
	at INT64 NOT NULL,          -- when it was imported: milliseconds UTC
	change INT64 NOT NULL       -- the commit
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE TABLE ct_price_file ( -- the bytes of its files
	list TEXT NOT NULL,
	name TEXT NOT NULL,         -- of src/contract/table.def, and list.csv
	body BYTES NOT NULL
);
-- Not a primary key: SQLite would put such bodies into the tree of the key.
CREATE UNIQUE INDEX ct_price_file_key ON ct_price_file (list, name);
