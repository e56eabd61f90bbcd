-- One role of an account.
-- in:   :id int
-- out:  id int, account text, role text, org text, team text, supervisor text, flags int,
--       since time, until time
-- uses: account_role primary key
SELECT id, account, role, org, team, supervisor, flags, since, until
  FROM account_role
 WHERE id = :id;
