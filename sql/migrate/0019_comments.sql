-- What people wrote about their care, masked, coded to themes.
-- docs/interfaces/comments.md

CREATE TABLE pop_comment ( -- never changed; coded again as a new version of it
	id KEY64 PRIMARY KEY,
	digest BYTES NOT NULL,   -- of what was sent, keyed: the same twice is taken once
	day INT64 NOT NULL,      -- since 1990-01-01
	asked TEXT NOT NULL,     -- fft, or the code of what was asked
	rating INT64 NOT NULL,   -- the answer beside it, 0: none
	service TEXT NOT NULL,   -- what it is about, as the feed names it
	quote INT64 NOT NULL,    -- 1: may be quoted
	body TEXT NOT NULL,      -- with names and numbers taken out
	masked INT64 NOT NULL,   -- pieces that were taken out
	themes TEXT NOT NULL,    -- "waiting:- staff:+"
	scheme TEXT NOT NULL,    -- id and version of the definition
	change INT64 NOT NULL    -- the commit
);
CREATE UNIQUE INDEX pop_comment_digest ON pop_comment (digest);
CREATE INDEX pop_comment_day ON pop_comment (day, id);
