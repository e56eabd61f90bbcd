-- A refresh token by its hash.
-- in:   :hash text
-- out:  family text, client text, account text, role int, session int, scopes text,
--       patient text, created time, until time, used time, ended time
-- uses: sqlite_autoindex_refresh_1
SELECT family, client, account, role, session, scopes, patient, created, until, used,
       ended
  FROM refresh
 WHERE hash = :hash;
