-- One row of suspension as it stood in a backup.
-- in:   :id text, :org text, :start int, :until int, :ended int, :reason text,
--       :change int
INSERT INTO suspension (id, org, start, until, ended, reason, change)
VALUES (:id, :org, :start, :until, :ended, :reason, :change);
