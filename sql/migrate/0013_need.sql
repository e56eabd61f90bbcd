-- Lists of people most in need, as they were made, and what was answered about each.
-- docs/interfaces/need.md

CREATE TABLE need_list ( -- a list as it was made: never changed
	id KEY64 PRIMARY KEY,
	rule TEXT NOT NULL,        -- of definitions/need-lists
	version TEXT NOT NULL,     -- of it
	scope TEXT NOT NULL,       -- practice:ODS, locality:ID, or empty: everybody
	day INT64 NOT NULL,        -- since 1990-01-01
	data INT64 NOT NULL,       -- version of the columns it was made of
	made_at INT64 NOT NULL,    -- milliseconds UTC
	made_by TEXT NOT NULL,     -- user/ID
	org TEXT NOT NULL,         -- ODS code that they worked for
	places INT64 NOT NULL,     -- how many were to be chosen
	eligible INT64 NOT NULL,   -- how many there were to choose from
	registered INT64 NOT NULL, -- and why the others were not, each counted once
	dead INT64 NOT NULL,
	objects INT64 NOT NULL,
	untraced INT64 NOT NULL,
	on_caseload INT64 NOT NULL,
	too_young INT64 NOT NULL,
	below INT64 NOT NULL,
	unscored INT64 NOT NULL,
	change INT64 NOT NULL      -- the commit
);
CREATE INDEX need_list_scope ON need_list (scope, id);

CREATE TABLE need_person ( -- who stood on it
	list INT64 NOT NULL,
	pos INT64 NOT NULL,        -- from 1
	pid BYTES NOT NULL,        -- pseudonym
	practice TEXT NOT NULL,    -- ODS code
	points INT64 NOT NULL,     -- of the rule's score
	efi INT64 NOT NULL,        -- deficits, -1: not scored
	band INT64 NOT NULL,       -- of the score, 0: none
	risk INT64 NOT NULL,       -- band of risk by rank
	chosen INT64 NOT NULL,     -- 1: within the places
	benefit INT64 NOT NULL,    -- expected, thousandths of an event a year
	reasons TEXT NOT NULL,     -- items of the score and their points: "dementia:250 copd:146"
	PRIMARY KEY (list, pos)
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE TABLE need_answer ( -- what was answered: the latest of a person counts
	id KEY64 PRIMARY KEY,
	list INT64 NOT NULL,
	pos INT64 NOT NULL,
	answer TEXT NOT NULL,      -- proposed, accepted, declined, unsuitable
	reason TEXT NOT NULL,      -- a word of the page, or empty
	task TEXT NOT NULL,        -- Task/ID of a proposal, or empty
	said_at INT64 NOT NULL,
	said_by TEXT NOT NULL,
	change INT64 NOT NULL
);
CREATE INDEX need_answer_of ON need_answer (list, pos, id);
CREATE INDEX need_answer_at ON need_answer (said_at, id);
