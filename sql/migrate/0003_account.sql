-- Who signs in: accounts, the roles they work under, sessions.

CREATE TABLE account (
	id TEXT PRIMARY KEY,          -- random; "user/ID" in the audit
	login TEXT NOT NULL,          -- folded: small letters, no white space around
	name TEXT NOT NULL,           -- as the person is called at work
	who TEXT NOT NULL,            -- "Practitioner/ID", "Patient/ID" or empty
	state INT64 NOT NULL,         -- enum hf_account_state
	demonstration INT64 NOT NULL, -- 1: signs in without a secret, where that is on
	secret TEXT NOT NULL,         -- argon2id string; empty: no password
	secret_at INT64 NOT NULL,     -- when it was set: milliseconds UTC, 0 never
	secret_until INT64 NOT NULL,  -- it is good once and until then; 0: it is lasting
	totp BYTES NOT NULL,          -- sealed secret of the second factor; empty: none
	totp_step INT64 NOT NULL,     -- the last step that was used
	recovery TEXT NOT NULL,       -- keyed hashes of recovery codes, blank between
	issuer TEXT NOT NULL,         -- of OpenID Connect; empty: none
	subject TEXT NOT NULL,        -- at that issuer
	sds TEXT NOT NULL,            -- national user id; empty: none
	created INT64 NOT NULL,       -- milliseconds UTC
	ended INT64 NOT NULL,         -- 0: it has not
	signed_in INT64 NOT NULL      -- the last time; 0: never
);
CREATE UNIQUE INDEX account_login ON account (login);
CREATE UNIQUE INDEX account_subject ON account (issuer, subject) WHERE subject <> '';
CREATE INDEX account_sds ON account (sds) WHERE sds <> '';

CREATE TABLE account_role ( -- a role that an account has or had at an organisation
	id KEY64 PRIMARY KEY,
	account TEXT NOT NULL,
	role TEXT NOT NULL,       -- code of definitions/access/roles.json
	org TEXT NOT NULL,        -- ODS code; empty for roles that need none
	team TEXT NOT NULL,       -- "CareTeam/ID" or empty
	supervisor TEXT NOT NULL, -- "Practitioner/ID" or empty
	flags INT64 NOT NULL,     -- set of enum hf_account_role_flag
	since INT64 NOT NULL,     -- milliseconds UTC
	until INT64 NOT NULL      -- exclusive; the largest number: no end
);
CREATE INDEX account_role_account ON account_role (account, id);

CREATE TABLE session ( -- who is signed in, and who was
	id KEY64 PRIMARY KEY,      -- the change that began it: its number in the audit
	token BYTES NOT NULL,      -- SHA-256 of what the cookie holds
	account TEXT NOT NULL,
	role INT64 NOT NULL,       -- account_role.id
	method TEXT NOT NULL,      -- how: "local", "oidc", "demonstration"
	assurance INT64 NOT NULL,  -- authenticator assurance level, 1 … 3
	purpose TEXT NOT NULL,     -- of hf_purpose
	case_ref TEXT NOT NULL,    -- of that purpose; empty: none
	address TEXT NOT NULL,     -- the client's
	created INT64 NOT NULL,    -- milliseconds UTC, as all that follow
	seen INT64 NOT NULL,       -- to the minute
	proved INT64 NOT NULL,     -- when the user last proved who they are
	until INT64 NOT NULL,      -- it ends then, whatever is done
	idle INT64 NOT NULL,       -- it ends when nothing was asked for so long
	ended INT64 NOT NULL,      -- 0: it has not been ended
	why TEXT NOT NULL          -- why it was ended: a word of session.def
);
CREATE INDEX session_open ON session (id) WHERE ended = 0;
CREATE INDEX session_account ON session (account, id);
