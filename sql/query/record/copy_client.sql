-- Rows of client after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, name text, kind text, secret blob, jwks text, jwks_uri text,
--       scopes text, redirects text, org text, role text, purpose text,
--       created time, ended time
-- uses: sqlite_autoindex_client_1
SELECT id, name, kind, secret, jwks, jwks_uri, scopes, redirects, org, role, purpose,
       created, ended
  FROM client
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
