-- The population: what feeds said about persons who are pseudonyms here, in packed
-- chunks, and what the record itself says of each person.  docs/interfaces/population.md

CREATE TABLE pop_feed ( -- a feed as it was received
	id KEY64 PRIMARY KEY,
	source TEXT NOT NULL,      -- who sent it: ODS code or a name of ours
	kind TEXT NOT NULL,        -- of definitions/maps
	day_from INT64 NOT NULL,   -- days covered, since 1990-01-01
	day_to INT64 NOT NULL,     -- not included
	file TEXT NOT NULL,        -- name without folder
	sha TEXT NOT NULL,         -- SHA-256 of its bytes, hexadecimal; empty: no file
	map TEXT NOT NULL,         -- id and version of the map it was read with
	cut TEXT NOT NULL,         -- flex, freeze or empty
	state INT64 NOT NULL,      -- 0 being written, 1 counts, 2 replaced
	replaced_by INT64 NOT NULL, -- the feed that replaced it; 0 none
	persons INT64 NOT NULL,    -- how many rows of each kind
	events INT64 NOT NULL,
	registrations INT64 NOT NULL,
	conditions INT64 NOT NULL,
	vals INT64 NOT NULL,
	pool INT64 NOT NULL,       -- places that further diagnoses take
	covers BYTES NOT NULL,     -- months of settings of providers, see src/population/covers.c
	at INT64 NOT NULL,         -- when it was committed: milliseconds UTC
	change INT64 NOT NULL      -- the commit
);
CREATE INDEX pop_feed_sha ON pop_feed (sha, kind);

CREATE TABLE pop_chunk ( -- rows of a feed about the persons of one stripe
	feed INT64 NOT NULL,
	stripe INT64 NOT NULL,     -- ordinal of the person, shifted right by 15
	seq INT64 NOT NULL,        -- within the feed
	kind INT64 NOT NULL,       -- 0 events, 1 persons, 2 registrations, 3 conditions, 4 values
	n INT64 NOT NULL,          -- rows
	body BYTES NOT NULL        -- see src/population/pack.c
);
-- Not a primary key: SQLite would put such bodies into the tree of the key.
CREATE UNIQUE INDEX pop_chunk_key ON pop_chunk (feed, stripe, seq);

CREATE TABLE pop_person ( -- pseudonyms by ordinal, some thousands a row
	ord KEY64 PRIMARY KEY,     -- of the first
	n INT64 NOT NULL,
	pids BYTES NOT NULL        -- 16 bytes each
);

CREATE TABLE pop_code ( -- texts that repeat, by kind
	kind INT64 NOT NULL,       -- enum hf_pop_kind
	code INT64 NOT NULL,       -- from 1 on
	text TEXT NOT NULL,
	PRIMARY KEY (kind, code)
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE TABLE pop_record ( -- what the record says of the person at a shelf
	shelf KEY64 PRIMARY KEY,
	change INT64 NOT NULL,     -- the commit that wrote this row
	body BYTES NOT NULL        -- see src/population/own.c; empty: nothing any more
);
CREATE INDEX pop_record_change ON pop_record (change, shelf);
