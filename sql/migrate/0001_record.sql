-- The record: current versions, older versions, commits, and what finds them.

CREATE TABLE setting ( -- facts about the store itself
	name TEXT PRIMARY KEY,
	value BYTES NOT NULL
);

CREATE TABLE lease ( -- the one writing process (PostgreSQL; SQLite locks a file)
	id KEY64 PRIMARY KEY, -- always 1
	owner TEXT NOT NULL,  -- random name of the process
	pid INT64 NOT NULL,   -- of its database session
	until INT64 NOT NULL  -- it must renew before then: milliseconds UTC
);

CREATE TABLE zdict ( -- zstd dictionaries by generation; 0 means none
	id KEY64 PRIMARY KEY,
	body BYTES NOT NULL
);

CREATE TABLE res ( -- the newest version of each resource
	rid KEY64 PRIMARY KEY,   -- shelf << 24 | number on the shelf
	type INT64 NOT NULL,     -- resource type, hf_type_id
	version INT64 NOT NULL,  -- from 1
	change INT64 NOT NULL,   -- the commit that wrote it
	flags INT64 NOT NULL,    -- 1: deleted
	sig INT64 NOT NULL,      -- signature of its main codes
	lo INT64 NOT NULL,       -- its clinical date: milliseconds UTC, 0 for none
	span INT64 NOT NULL,     -- length of that date; -1 without end
	dict INT64 NOT NULL,     -- zdict.id the body is packed with
	body BYTES NOT NULL      -- see src/record/body.h
);

CREATE TABLE hist ( -- versions that were replaced
	rid INT64 NOT NULL,
	version INT64 NOT NULL,
	type INT64 NOT NULL,
	change INT64 NOT NULL,
	flags INT64 NOT NULL,
	dict INT64 NOT NULL,
	body BYTES NOT NULL,
	PRIMARY KEY (rid, version)
);

CREATE TABLE change ( -- one row a commit: the audit entry of every write
	change KEY64 PRIMARY KEY, -- milliseconds UTC << 10 | a counter
	actor TEXT NOT NULL,
	purpose TEXT NOT NULL,
	source TEXT NOT NULL,
	items BYTES NOT NULL      -- rid, version, type, deleted of each; see history.c
);

CREATE TABLE idmap ( -- ids that others gave, by hash of type and id
	hash INT64 NOT NULL,
	rid INT64 NOT NULL,
	PRIMARY KEY (hash, rid)
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE TABLE ix ( -- index rows of definitions/search-index
	slot INT64 NOT NULL,
	value INT64 NOT NULL,
	rid INT64 NOT NULL,
	PRIMARY KEY (slot, value, rid)
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE TABLE shelf ( -- persons' shelves; number 0 on a shelf is its Patient
	shelf KEY64 PRIMARY KEY,
	person INT64 NOT NULL, -- the lowest shelf of the same person
	why TEXT NOT NULL,     -- the rule that linked it; empty for one alone
	change INT64 NOT NULL  -- the commit that decided it
);
CREATE INDEX shelf_person ON shelf (person, shelf);

CREATE TABLE review ( -- pairs of shelves that a person must look at
	shelf INT64 NOT NULL,
	other INT64 NOT NULL,
	why TEXT NOT NULL,
	change INT64 NOT NULL,
	PRIMARY KEY (shelf, other)
);

CREATE TABLE mention ( -- resources on other shelves that speak of this person
	shelf INT64 NOT NULL,
	rid INT64 NOT NULL,
	PRIMARY KEY (shelf, rid)
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE TABLE forward ( -- where a resource went that was on the wrong shelf
	rid KEY64 PRIMARY KEY,
	target INT64 NOT NULL
);

CREATE TABLE tally ( -- how many current resources of each type there are
	type KEY64 PRIMARY KEY,
	n INT64 NOT NULL
);
--pgsql: ALTER TABLE res ALTER COLUMN body SET STORAGE EXTERNAL;
--pgsql: ALTER TABLE hist ALTER COLUMN body SET STORAGE EXTERNAL;
