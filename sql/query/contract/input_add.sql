-- Adds one row of ct_input: figures of a contract as they came in: never changed.
-- in:   :contract text, :seq int, :line text, :month int, :frozen int, :units int,
--       :pence int, :price int, :result text, :hold int, :source text, :at int,
--       :change int
INSERT INTO ct_input (contract, seq, line, month, frozen, units, pence, price, result, hold, source, at, change)
VALUES (:contract, :seq, :line, :month, :frozen, :units, :pence, :price, :result, :hold, :source, :at, :change);
