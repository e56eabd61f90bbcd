-- Rows of account_role after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, account text, role text, org text, team text, supervisor text, flags int,
--       since time, until time
-- uses: account_role primary key
SELECT id, account, role, org, team, supervisor, flags, since, until
  FROM account_role
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
