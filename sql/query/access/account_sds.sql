-- The account of a national user id.
-- in:   :sds text
-- out:  id text, login text, name text, who text, state int, demonstration bool, secret text,
--       secret_at time, secret_until time, totp blob, totp_step int, recovery text, issuer text,
--       subject text, sds text, created time, ended time, signed_in time
-- uses: account_sds
SELECT id, login, name, who, state, demonstration, secret, secret_at, secret_until, totp,
       totp_step, recovery, issuer, subject, sds, created, ended, signed_in
  FROM account
 WHERE sds = :sds AND sds <> ''
 ORDER BY id
 LIMIT 1;
