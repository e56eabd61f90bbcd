-- What may change of an account.
-- in:   :name text, :who text, :state int, :secret text, :secret_at time, :secret_until time,
--       :totp blob, :totp_step int, :recovery text, :issuer text, :subject text, :sds text,
--       :ended time, :signed_in time, :id text
-- uses: sqlite_autoindex_account_1
UPDATE account
   SET name = :name, who = :who, state = :state, secret = :secret,
       secret_at = :secret_at, secret_until = :secret_until, totp = :totp,
       totp_step = :totp_step, recovery = :recovery, issuer = :issuer,
       subject = :subject, sds = :sds, ended = :ended, signed_in = :signed_in
 WHERE id = :id;
