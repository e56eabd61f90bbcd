-- Contracts: what came in, what both parties did, the ledger, statements and signatures.
-- Rows are only ever added.

CREATE TABLE ct_input ( -- figures of a contract as they came in: never changed
	contract TEXT NOT NULL, -- id of the contract
	seq INT64 NOT NULL, -- from 1, in the order of arrival
	line TEXT NOT NULL, -- id of a line of it
	month INT64 NOT NULL, -- 0 April … 11 March
	frozen INT64 NOT NULL, -- 1: the final cut of the month
	units INT64 NOT NULL, -- done; of an outcome: cases
	pence INT64 NOT NULL, -- value at tariff, or cost
	price INT64 NOT NULL, -- paid for one, of gain shares; -1: as the contract says
	result TEXT NOT NULL, -- of an outcome: its measure, a decimal; empty: none
	hold INT64 NOT NULL, -- 1: data not good enough to pay on
	source TEXT NOT NULL, -- file or run it comes from
	at INT64 NOT NULL, -- milliseconds UTC
	change INT64 NOT NULL, -- the commit that wrote it
	PRIMARY KEY (contract, seq)
);

CREATE TABLE ct_event ( -- steps of reviews, transfers and postings: never changed
	subject TEXT NOT NULL, -- "review/ID", "transfer/ID", "posting/ID"
	seq INT64 NOT NULL, -- from 1
	contract TEXT NOT NULL, -- id of the contract or pooled fund
	token TEXT NOT NULL, -- chosen by whoever asked: a second try is no second event
	event TEXT NOT NULL, -- "open", then those of the pathway
	actor TEXT NOT NULL, -- user/ID
	role TEXT NOT NULL, -- code of the role worked under
	org TEXT NOT NULL, -- ODS code
	party INT64 NOT NULL, -- 0 commissioner, 1 provider
	signatory INT64 NOT NULL, -- 1: the role may sign for the party
	at INT64 NOT NULL, -- milliseconds UTC
	reason TEXT NOT NULL, -- in the user's words
	facts TEXT NOT NULL, -- JSON object of what was given; empty: nothing
	state_from TEXT NOT NULL, -- empty: it was opened
	state_to TEXT NOT NULL, -- of the pathway
	hash TEXT NOT NULL, -- SHA-256 of this and the event before
	change INT64 NOT NULL, -- the commit that wrote it
	PRIMARY KEY (subject, seq)
);
CREATE UNIQUE INDEX ct_event_token ON ct_event (subject, token);
CREATE INDEX ct_event_contract ON ct_event (contract, subject, seq);

CREATE TABLE ct_entry ( -- the ledger: never changed; what was wrong is taken back by another
	id KEY64 PRIMARY KEY, -- grows
	contract TEXT NOT NULL, -- id of the contract or pooled fund
	period INT64 NOT NULL, -- month as 202004
	line TEXT NOT NULL, -- what it is for
	version INT64 NOT NULL, -- from 1, of contract, period and line
	kind TEXT NOT NULL, -- account, true-up, transfer, spend …
	words TEXT NOT NULL, -- what it is, in a few words
	document TEXT NOT NULL, -- source document
	source TEXT NOT NULL, -- statement or case that made it
	prepared TEXT NOT NULL, -- user/ID
	approved TEXT NOT NULL, -- user/ID of another
	reverses INT64 NOT NULL, -- entry that it takes back; 0: none
	at INT64 NOT NULL, -- milliseconds UTC
	change INT64 NOT NULL -- the commit that wrote it
);
CREATE UNIQUE INDEX ct_entry_line ON ct_entry (contract, period, line, version);
CREATE INDEX ct_entry_contract ON ct_entry (contract, id);

CREATE TABLE ct_leg ( -- what an entry is to each party: they add up to 0
	entry INT64 NOT NULL, -- ct_entry.id
	party TEXT NOT NULL, -- commissioner, provider, or an account
	pence INT64 NOT NULL, -- received (positive) or given
	PRIMARY KEY (entry, party)
);

CREATE TABLE ct_lock ( -- months that take no more entries
	contract TEXT NOT NULL, -- id
	period INT64 NOT NULL, -- month as 202004
	statement TEXT NOT NULL, -- that closed it
	actor TEXT NOT NULL, -- user/ID
	at INT64 NOT NULL, -- milliseconds UTC
	change INT64 NOT NULL, -- the commit that wrote it
	PRIMARY KEY (contract, period)
);

CREATE TABLE ct_statement ( -- quarterly statements: never changed
	contract TEXT NOT NULL, -- id
	quarter TEXT NOT NULL, -- "2020-Q1"
	version INT64 NOT NULL, -- from 1
	seq INT64 NOT NULL, -- the newest ct_input that it counts
	body BYTES NOT NULL, -- canonical bytes
	hash TEXT NOT NULL, -- SHA-256 of body
	actor TEXT NOT NULL, -- user/ID that prepared it
	at INT64 NOT NULL, -- milliseconds UTC
	change INT64 NOT NULL, -- the commit that wrote it
	PRIMARY KEY (contract, quarter, version)
);

CREATE TABLE ct_signature ( -- of statements, one for each party: never changed
	subject TEXT NOT NULL, -- "statement/CONTRACT/QUARTER/VERSION"
	party INT64 NOT NULL, -- 0 commissioner, 1 provider
	actor TEXT NOT NULL, -- user/ID
	role TEXT NOT NULL, -- code
	org TEXT NOT NULL, -- ODS code
	at INT64 NOT NULL, -- milliseconds UTC
	hash TEXT NOT NULL, -- SHA-256 that was signed
	jws TEXT NOT NULL, -- over hash, subject, party, actor and time
	change INT64 NOT NULL, -- the commit that wrote it
	PRIMARY KEY (subject, party)
);
