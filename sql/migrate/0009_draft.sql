-- What somebody has typed and not sent yet.

CREATE TABLE draft ( -- of one user, seen by nobody else
	owner TEXT NOT NULL, -- user/ID
	name TEXT NOT NULL,  -- which form: ids only
	at INT64 NOT NULL,   -- when it was kept last: milliseconds UTC
	body BYTES NOT NULL, -- sealed with the key of accounts, bound to owner and name
	PRIMARY KEY (owner, name)
);
CREATE INDEX draft_at ON draft (at);
