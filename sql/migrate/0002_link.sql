-- Who is one person with whom: links between records as facts, and the queue of pairs
-- that somebody must look at.  What shelf.person says follows from the links.

CREATE TABLE link ( -- one row a decision about two records; never changed but undone
	id KEY64 PRIMARY KEY,    -- from 1, in the order they were made
	low INT64 NOT NULL,      -- the lower shelf of the two
	high INT64 NOT NULL,     -- the higher
	said INT64 NOT NULL,     -- the shelf whose record gave rise to it
	kind TEXT NOT NULL,      -- number, match, hand, fhir, a40
	state TEXT NOT NULL,     -- linked: one person; separated: two, by decision
	score INT64 NOT NULL,    -- thousandths of a bit; 0 when nothing was weighed
	why TEXT NOT NULL,       -- the rule or the reason given, in words
	fields TEXT NOT NULL,    -- what agreed and differed: field:level:bits …
	change INT64 NOT NULL,   -- the commit that made it (who: change.actor)
	undone INT64 NOT NULL,   -- the commit that took it back; 0 while it counts
	undone_why TEXT NOT NULL -- the reason for that
);
CREATE INDEX link_low ON link (low, high, id);
CREATE INDEX link_high ON link (high, low, id);

-- Until now shelf.person alone said it: those who are one person are all linked with
-- each other, so that when one leaves the others stay together as they did.
INSERT INTO link (id, low, high, said, kind, state, score, why, fields, change, undone,
		  undone_why)
SELECT ROW_NUMBER() OVER (ORDER BY a.shelf, b.shelf), a.shelf, b.shelf, b.shelf,
       'number', 'linked', 0, b.why, '', b.change, 0, ''
  FROM shelf AS a JOIN shelf AS b ON b.person = a.person AND b.shelf > a.shelf;

ALTER TABLE shelf DROP COLUMN why;

ALTER TABLE review RENAME TO review_before;
CREATE TABLE review ( -- pairs of records that somebody must look at
	low INT64 NOT NULL,     -- the lower shelf
	high INT64 NOT NULL,    -- the higher
	kind TEXT NOT NULL,     -- what put them up: number, match, fhir, hand
	score INT64 NOT NULL,   -- thousandths of a bit; 0 when nothing was weighed
	why TEXT NOT NULL,      -- in words
	fields TEXT NOT NULL,   -- as in link
	change INT64 NOT NULL,  -- the commit that put them up
	state TEXT NOT NULL,    -- open, later, linked, separated, gone
	until INT64 NOT NULL,   -- later: not before then, milliseconds UTC
	decided INT64 NOT NULL, -- the commit that decided; 0 while open
	reason TEXT NOT NULL,   -- what was given for it
	PRIMARY KEY (low, high)
);
CREATE INDEX review_state ON review (state, score, low, high);
INSERT INTO review (low, high, kind, score, why, fields, change, state, until, decided,
		    reason)
SELECT CASE WHEN shelf < other THEN shelf ELSE other END AS low,
       CASE WHEN shelf < other THEN other ELSE shelf END AS high,
       'number', 0, MIN(why), '', MIN(change), 'open', 0, 0, ''
  FROM review_before
 GROUP BY 1, 2;
DROP TABLE review_before;

CREATE TABLE match_weights ( -- what the matcher has learned of this place
	version KEY64 PRIMARY KEY, -- from 1
	change INT64 NOT NULL,     -- the commit that kept it (who and when: change)
	people INT64 NOT NULL,     -- records that it was learned from
	pairs INT64 NOT NULL,      -- pairs that were looked at
	model TEXT NOT NULL        -- JSON, see docs/interfaces/identity.md
);
