-- How good each feed is, and what was found out about it.

CREATE TABLE pop_quality ( -- of one feed of pop_feed
	feed KEY64 PRIMARY KEY,
	body TEXT NOT NULL -- JSON, docs/interfaces/feeds.md: counts and lines, no values
);
