-- Broken glasses, notices to the privacy officer, and who made a change in full.
-- Times are milliseconds UTC.

CREATE TABLE glass ( -- somebody broke the glass for one person
	id TEXT PRIMARY KEY,     -- random
	actor TEXT NOT NULL,     -- user/ID
	role TEXT NOT NULL,      -- code of the role worked under
	org TEXT NOT NULL,       -- ODS code
	session INT64 NOT NULL,  -- its number in the audit; 0: not known
	shelf INT64 NOT NULL,    -- of the person
	patient TEXT NOT NULL,   -- id of the Patient that was named
	reason TEXT NOT NULL,    -- a word of reasons
	words TEXT NOT NULL,     -- why, in the user's words
	asked TEXT NOT NULL,     -- who asked the person; empty unless they consented
	start INT64 NOT NULL,
	until INT64 NOT NULL,
	ended INT64 NOT NULL,    -- when it was given up early, the largest number: it was not
	change INT64 NOT NULL    -- the commit that wrote the row first
);
CREATE INDEX glass_actor ON glass (actor, start);

CREATE TABLE notice ( -- what the privacy officer has to look after
	id TEXT PRIMARY KEY,     -- random; of kinds that tell once, what they tell of
	kind TEXT NOT NULL,      -- glass, safeguard, content, challenge
	glass TEXT NOT NULL,     -- glass.id; empty: of another kind
	actor TEXT NOT NULL,     -- whom it is about: user/ID
	role TEXT NOT NULL,
	org TEXT NOT NULL,
	session INT64 NOT NULL,
	shelf INT64 NOT NULL,    -- whose record
	patient TEXT NOT NULL,   -- id of a Patient of theirs; empty: not known
	case_ref TEXT NOT NULL,  -- case reference of the session; empty: none
	recent INT64 NOT NULL,   -- how often the same user broke a glass in 24 hours
	at INT64 NOT NULL,
	due INT64 NOT NULL,      -- by when it is to be reviewed
	reviewed INT64 NOT NULL, -- 0: it was not yet
	reviewer TEXT NOT NULL,  -- user/ID
	outcome TEXT NOT NULL,   -- justified, queried, breach; empty: none yet
	note TEXT NOT NULL,      -- the reviewer's words
	change INT64 NOT NULL    -- the commit that wrote the row first
);
CREATE INDEX notice_open ON notice (at, id) WHERE reviewed = 0;
CREATE INDEX notice_at ON notice (at, id);

-- What the audit line of a request holds: role, organisation, session, address,
-- request, policy …; empty for what came before or without a request.
ALTER TABLE change ADD COLUMN trace TEXT NOT NULL DEFAULT '';
CREATE INDEX change_actor ON change (actor, change);
