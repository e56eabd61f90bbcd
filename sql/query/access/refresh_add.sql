-- A refresh token.
-- in:   :hash text, :family text, :client text, :account text, :role int,
--       :session int, :scopes text, :patient text, :created time, :until time
INSERT INTO refresh (hash, family, client, account, role, session, scopes, patient,
		     created, until, used, ended)
VALUES (:hash, :family, :client, :account, :role, :session, :scopes, :patient, :created,
	:until, 0, 0);
