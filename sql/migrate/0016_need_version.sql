-- Lists of people most in need as versions of one list: which came before, why it was
-- made, and who entered and who left since.  docs/interfaces/need.md

CREATE TABLE need_version ( -- of a list of need_list
	list KEY64 PRIMARY KEY,
	before INT64 NOT NULL,     -- the version before, 0: this is the first
	because TEXT NOT NULL,     -- asked, month
	room TEXT NOT NULL         -- where the number of places is from: asked, rule, slots
);

CREATE TABLE need_moved ( -- who is chosen now and was not before, or the other way
	list INT64 NOT NULL,
	pos INT64 NOT NULL,        -- from 1
	pid BYTES NOT NULL,        -- pseudonym
	way TEXT NOT NULL,         -- entered, left
	why TEXT NOT NULL,         -- a word of population/turn.h
	was INT64 NOT NULL,        -- place on the version before, 0: none
	now_at INT64 NOT NULL,         -- place on this one, 0: none
	PRIMARY KEY (list, pos)
--sqlite: ) WITHOUT ROWID;
--pgsql: );

CREATE INDEX need_answer_task ON need_answer (task, id) WHERE task <> '';
