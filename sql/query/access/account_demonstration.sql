-- Accounts of the demonstration, in the order they were made.
-- in:   :limit int
-- out:  id text, login text, name text, who text, state int, demonstration bool, secret text,
--       secret_at time, secret_until time, totp blob, totp_step int, recovery text, issuer text,
--       subject text, sds text, created time, ended time, signed_in time
-- uses: none
SELECT id, login, name, who, state, demonstration, secret, secret_at, secret_until, totp,
       totp_step, recovery, issuer, subject, sds, created, ended, signed_in
  FROM account
 WHERE demonstration = 1
 ORDER BY created, login
 LIMIT :limit;
