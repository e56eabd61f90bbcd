-- One row of client as it stood in a backup.
-- in:   :id text, :name text, :kind text, :secret blob, :jwks text, :jwks_uri text,
--       :scopes text, :redirects text, :org text, :role text, :purpose text,
--       :created time, :ended time
INSERT INTO client (id, name, kind, secret, jwks, jwks_uri, scopes, redirects, org, role,
		    purpose, created, ended)
VALUES (:id, :name, :kind, :secret, :jwks, :jwks_uri, :scopes, :redirects, :org, :role,
	:purpose, :created, :ended);
