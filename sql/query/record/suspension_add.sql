-- One more of organisations whose users may not work.
-- in:   :id text, :org text, :start int, :until int, :ended int, :reason text,
--       :change int
INSERT INTO suspension (id, org, start, until, ended, reason, change)
VALUES (:id, :org, :start, :until, :ended, :reason, :change);
