-- Sessions of an account that nobody has ended.
-- in:   :account text
-- out:  id int, token blob, account text, role int, method text, assurance int, purpose text,
--       case_ref text, address text, created time, seen time, proved time, until time,
--       idle int, ended time, why text
-- uses: session_account
SELECT id, token, account, role, method, assurance, purpose, case_ref, address, created, seen,
       proved, until, idle, ended, why
  FROM session
 WHERE account = :account AND ended = 0
 ORDER BY id;
