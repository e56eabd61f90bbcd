-- One row of account_role as it stood in a backup.
-- in:   :id int, :account text, :role text, :org text, :team text, :supervisor text, :flags int,
--       :since time, :until time
INSERT INTO account_role (id, account, role, org, team, supervisor, flags, since, until)
VALUES (:id, :account, :role, :org, :team, :supervisor, :flags, :since, :until);
