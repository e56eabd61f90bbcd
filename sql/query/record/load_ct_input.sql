-- One row of ct_input as it stood in a backup.
-- in:   :contract text, :seq int, :line text, :month int, :frozen int, :units int,
--       :pence int, :price int, :result text, :hold int, :source text, :at int,
--       :change int
INSERT INTO ct_input (contract, seq, line, month, frozen, units, pence, price, result, hold, source, at, change)
VALUES (:contract, :seq, :line, :month, :frozen, :units, :pence, :price, :result, :hold, :source, :at, :change);
