-- Adds one row of ct_lock: months that take no more entries.
-- in:   :contract text, :period int, :statement text, :actor text, :at int,
--       :change int
INSERT INTO ct_lock (contract, period, statement, actor, at, change)
VALUES (:contract, :period, :statement, :actor, :at, :change);
