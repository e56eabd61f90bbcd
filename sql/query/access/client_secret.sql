-- A new secret in place of the old.
-- in: :id text, :secret blob
UPDATE client SET secret = :secret WHERE id = :id AND ended = 0;
