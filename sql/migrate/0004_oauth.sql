-- Systems and apps that may ask for tokens, and what lets an app go on.

CREATE TABLE client (
	id TEXT PRIMARY KEY,      -- random; "client/ID" in the audit
	name TEXT NOT NULL,       -- shown to those who are asked to let it in
	kind TEXT NOT NULL,       -- confidential: it keeps a secret or a key; public
	secret BYTES NOT NULL,    -- SHA-256 of its secret; empty: it has none
	jwks TEXT NOT NULL,       -- its public keys, JSON; empty: none are kept here
	jwks_uri TEXT NOT NULL,   -- where its public keys are; empty: nowhere
	scopes TEXT NOT NULL,     -- the most it may be granted
	redirects TEXT NOT NULL,  -- addresses an answer may go to, a line each
	org TEXT NOT NULL,        -- ODS code it acts for; empty: the whole place
	role TEXT NOT NULL,       -- code of definitions/access/roles.json
	purpose TEXT NOT NULL,    -- the one lawful purpose it was registered for
	created INT64 NOT NULL,   -- milliseconds UTC
	ended INT64 NOT NULL      -- 0: it has not
);

CREATE TABLE refresh ( -- refresh tokens: each is good once and then replaced
	hash TEXT PRIMARY KEY,    -- SHA-256 of the token, base64url
	family TEXT NOT NULL,     -- all that came of one consent
	client TEXT NOT NULL,
	account TEXT NOT NULL,    -- who consented
	role INT64 NOT NULL,      -- account_role.id they worked under
	session INT64 NOT NULL,   -- online_access: it ends with this session; 0: none
	scopes TEXT NOT NULL,     -- what was granted
	patient TEXT NOT NULL,    -- "Patient/ID" of the launch; empty: none
	created INT64 NOT NULL,   -- milliseconds UTC
	until INT64 NOT NULL,
	used INT64 NOT NULL,      -- when it was replaced; 0: it was not
	ended INT64 NOT NULL      -- when the family was revoked; 0: it was not
);
CREATE INDEX refresh_family ON refresh (family, hash);
CREATE INDEX refresh_client ON refresh (client, hash);
