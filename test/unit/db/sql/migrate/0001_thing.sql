-- Things, for the tests of the drivers.
CREATE TABLE thing (
	id KEY64 PRIMARY KEY,
	n INT64 CHECK (n <> 666), -- 'a number' that is not this
	t TEXT,
	b BYTES
);
CREATE INDEX thing_t ON thing (t, id);
