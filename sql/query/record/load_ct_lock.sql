-- One row of ct_lock as it stood in a backup.
-- in:   :contract text, :period int, :statement text, :actor text, :at int,
--       :change int
INSERT INTO ct_lock (contract, period, statement, actor, at, change)
VALUES (:contract, :period, :statement, :actor, :at, :change);
