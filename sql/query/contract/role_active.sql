-- How often an account has a role at an organisation at a time.
-- in:   :account text, :role text, :org text, :at int
-- out:  roles int
-- uses: account_role_account
SELECT COUNT(*) AS roles
  FROM account_role AS r
  JOIN account AS a ON a.id = r.account
 WHERE r.account = :account AND r.role = :role AND r.org = :org
   AND r.since <= :at AND r.until > :at AND a.ended = 0;
