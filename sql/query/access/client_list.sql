-- All of them, ended ones too.
-- out:  id text, name text, kind text, secret blob, jwks text, jwks_uri text,
--       scopes text, redirects text, org text, role text, purpose text,
--       created time, ended time
SELECT id, name, kind, secret, jwks, jwks_uri, scopes, redirects, org, role, purpose,
       created, ended
  FROM client
 ORDER BY name, id;
