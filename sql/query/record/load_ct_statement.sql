-- One row of ct_statement as it stood in a backup.
-- in:   :contract text, :quarter text, :version int, :seq int, :body blob,
--       :hash text, :actor text, :at int, :change int
INSERT INTO ct_statement (contract, quarter, version, seq, body, hash, actor, at, change)
VALUES (:contract, :quarter, :version, :seq, :body, :hash, :actor, :at, :change);
