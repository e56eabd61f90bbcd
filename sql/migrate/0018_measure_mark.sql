-- What people wrote at a point of a measure's chart: notes, re-bases, frozen limits.
-- docs/interfaces/measures.md, "Marks"

CREATE TABLE pop_mark ( -- versions of marks: rows are only added
	id KEY64 PRIMARY KEY,
	mark INT64 NOT NULL,    -- whose version it is: the id of the first row
	version INT64 NOT NULL, -- from 1
	measure TEXT NOT NULL,  -- of definitions/measures
	dim TEXT NOT NULL,      -- by what the chart is divided: place, locality …
	area TEXT NOT NULL,     -- id in it, "all" of the place
	grain TEXT NOT NULL,    -- month, week, day …
	day INT64 NOT NULL,     -- first day of the period it stands at, since 1990-01-01
	kind TEXT NOT NULL,     -- note, rebase, freeze
	cause TEXT NOT NULL,    -- of a rebase: shift, process; else empty
	reason TEXT NOT NULL,   -- what was written
	stands INT64 NOT NULL,  -- 0: withdrawn by this version
	said_at INT64 NOT NULL, -- milliseconds UTC
	said_by TEXT NOT NULL,  -- user/ID
	name TEXT NOT NULL,     -- of them, as it was then
	org TEXT NOT NULL,      -- ODS code that they worked for
	change INT64 NOT NULL   -- the commit
);
CREATE UNIQUE INDEX pop_mark_version ON pop_mark (mark, version);
CREATE INDEX pop_mark_measure ON pop_mark (measure, id);
