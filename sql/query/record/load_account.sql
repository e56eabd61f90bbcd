-- One row of account as it stood in a backup.
-- in: :id text, :login text, :name text, :who text, :state int, :demonstration bool, :secret text,
--       :secret_at time, :secret_until time, :totp blob, :totp_step int, :recovery text, :issuer text,
--       :subject text, :sds text, :created time, :ended time, :signed_in time
INSERT INTO account (id, login, name, who, state, demonstration, secret, secret_at,
		     secret_until, totp, totp_step, recovery, issuer, subject, sds,
		     created, ended, signed_in)
VALUES (:id, :login, :name, :who, :state, :demonstration, :secret, :secret_at,
	:secret_until, :totp, :totp_step, :recovery, :issuer, :subject, :sds, :created,
	:ended, :signed_in);
