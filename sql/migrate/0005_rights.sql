-- What is agreed and chosen about sharing.  Times are milliseconds UTC; start is
-- included, until is not; ended is when somebody ended it, the largest number when
-- nobody did.  change is the commit that wrote the row first.

CREATE TABLE agreement ( -- what one organisation shares with another
	id TEXT PRIMARY KEY,       -- random
	from_org TEXT NOT NULL,    -- ODS code, upper case; * for every organisation
	to_org TEXT NOT NULL,      -- the same of those whose users may look
	tier INT64 NOT NULL,       -- 0 to 4
	categories TEXT NOT NULL,  -- of T4: sensitive categories, blanks between; empty: all
	start INT64 NOT NULL,
	until INT64 NOT NULL,      -- it expires
	ended INT64 NOT NULL,
	dsa TEXT NOT NULL,         -- reference of the data sharing agreement
	dpia TEXT NOT NULL,        -- reference of the impact assessment
	change INT64 NOT NULL
);

CREATE TABLE suspension ( -- an organisation whose users may not work
	id TEXT PRIMARY KEY,
	org TEXT NOT NULL,         -- ODS code, upper case
	start INT64 NOT NULL,
	until INT64 NOT NULL,
	ended INT64 NOT NULL,
	reason TEXT NOT NULL,      -- about the organisation, never about a person
	change INT64 NOT NULL
);

CREATE TABLE delegation ( -- a user's relationships lent to another
	id TEXT PRIMARY KEY,
	from_user TEXT NOT NULL,   -- user/ID
	from_org TEXT NOT NULL,    -- the organisation that user works at
	from_who TEXT NOT NULL,    -- Practitioner/ID of that user; empty: not known
	to_user TEXT NOT NULL,     -- user/ID
	shelf INT64 NOT NULL,      -- of one person; 0: all whom the first user has
	start INT64 NOT NULL,
	until INT64 NOT NULL,
	ended INT64 NOT NULL,
	reason TEXT NOT NULL,
	change INT64 NOT NULL
);

CREATE TABLE proxy ( -- who may see a person's record on their behalf
	id TEXT PRIMARY KEY,
	holder TEXT NOT NULL,      -- user/ID or Patient/ID of who acts
	shelf INT64 NOT NULL,      -- of the person acted for
	contents TEXT NOT NULL,    -- words of content that were granted, blanks between
	relationship TEXT NOT NULL, -- code of the relationship
	born INT64 NOT NULL,       -- the person's day of birth, days since 1970; the
				   -- smallest number: not known
	reviewed INT64 NOT NULL,   -- a clinician looked at it then; the smallest: never
	named INT64 NOT NULL,      -- 1: by the person, a court or a power of attorney
	start INT64 NOT NULL,
	until INT64 NOT NULL,
	ended INT64 NOT NULL,
	change INT64 NOT NULL
);

CREATE TABLE hub_call ( -- an open episode at the hub
	id TEXT PRIMARY KEY,
	holder TEXT NOT NULL,      -- user/ID or CareTeam/ID
	shelf INT64 NOT NULL,      -- of the person
	start INT64 NOT NULL,
	until INT64 NOT NULL,
	ended INT64 NOT NULL,
	change INT64 NOT NULL
);

CREATE TABLE ndo ( -- NHS numbers with a National Data Opt-Out, as keyed hashes
	gen INT64 NOT NULL,        -- which import
	hash INT64 NOT NULL,
	PRIMARY KEY (gen, hash)
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE TABLE ndo_list ( -- the import that counts
	id KEY64 PRIMARY KEY,      -- always 1
	gen INT64 NOT NULL,
	list_at INT64 NOT NULL,    -- when the list was made
	imported INT64 NOT NULL,   -- when it was read in
	n INT64 NOT NULL,          -- how many numbers
	secret BYTES NOT NULL,     -- key of the hashes of this import
	change INT64 NOT NULL
);
