-- The roles that an account has or had, the oldest first.
-- in:   :account text
-- out:  id int, account text, role text, org text, team text, supervisor text, flags int,
--       since time, until time
-- uses: account_role_account
SELECT id, account, role, org, team, supervisor, flags, since, until
  FROM account_role
 WHERE account = :account
 ORDER BY id;
