-- One row of delegation as it stood in a backup.
-- in:   :id text, :from_user text, :from_org text, :from_who text, :to_user text,
--       :shelf int, :start int, :until int, :ended int, :reason text, :change int
INSERT INTO delegation (id, from_user, from_org, from_who, to_user, shelf, start,
  until, ended, reason, change)
VALUES (:id, :from_user, :from_org, :from_who, :to_user, :shelf, :start, :until,
  :ended, :reason, :change);
