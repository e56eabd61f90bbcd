-- What the place measures itself by: published figures of organisations, and lists that
-- others publish (codes, weights, deprivation), as they were imported.
-- docs/interfaces/benchmarks.md

CREATE TABLE bench_feed ( -- a file of published figures; never changed but for replaced_by
	id KEY64 PRIMARY KEY,
	map TEXT NOT NULL,         -- id of the map it was read with
	version TEXT NOT NULL,     -- of it
	source TEXT NOT NULL,      -- who published it, as it was said
	file TEXT NOT NULL,        -- name without folder
	sha TEXT NOT NULL,         -- SHA-256 of its bytes, hexadecimal
	day_from INT64 NOT NULL,   -- days covered, since 1990-01-01
	day_to INT64 NOT NULL,     -- not included
	n INT64 NOT NULL,          -- rows of bench_row
	replaced_by INT64 NOT NULL, -- the file that replaced it; 0 none
	found TEXT NOT NULL,       -- JSON: counts and findings
	at INT64 NOT NULL,         -- when it was imported: milliseconds UTC
	change INT64 NOT NULL      -- the commit
);

CREATE TABLE bench_row ( -- one figure of one organisation and period
	feed INT64 NOT NULL,
	seq INT64 NOT NULL,        -- within the file
	org TEXT NOT NULL,         -- ODS code
	name TEXT NOT NULL,
	parent TEXT NOT NULL,      -- region or board, as the file has it
	day_from INT64 NOT NULL,   -- since 1990-01-01
	day_to INT64 NOT NULL,     -- not included
	figure TEXT NOT NULL,      -- of the map
	num INT64 NOT NULL,        -- thousandths; with state 0 alone
	den INT64 NOT NULL,        -- thousandths; -1: the figure is out of nothing
	state INT64 NOT NULL,      -- 0 there, 1 held back by the source, 2 missing
	PRIMARY KEY (feed, seq)
--sqlite: ) WITHOUT ROWID;
--pgsql: );
CREATE INDEX bench_row_figure ON bench_row (figure, org, day_from, feed);

CREATE TABLE ref_list ( -- a list that somebody publishes; never changed but for replaced_by
	id KEY64 PRIMARY KEY,
	kind TEXT NOT NULL,        -- codes, weights, deprivation, locality, parents, capacity
	name TEXT NOT NULL,        -- what it is of: "efi-falls"; empty where there is one
	system TEXT NOT NULL,      -- of codes: snomed, ctv3, readv2, icd10; of deprivation the year
	version TEXT NOT NULL,
	source TEXT NOT NULL,
	licence TEXT NOT NULL,
	file TEXT NOT NULL,
	sha TEXT NOT NULL,
	n INT64 NOT NULL,          -- entries
	replaced_by INT64 NOT NULL, -- the list that replaced it; 0 none; -1 ended
	found TEXT NOT NULL,       -- JSON: counts and findings
	at INT64 NOT NULL,
	change INT64 NOT NULL,
	body BYTES NOT NULL        -- lines of what it says, tabs between
);
