-- Rows of ct_input after a key, in order of the key: backup.
-- in:   :contract text, :seq int, :limit int
-- out:  contract text, seq int, line text, month int, frozen int, units int,
--       pence int, price int, result text, hold int, source text, at int, change int
-- uses: sqlite_autoindex_ct_input_1
SELECT contract, seq, line, month, frozen, units, pence, price, result, hold, source, at, change
  FROM ct_input
 WHERE (contract, seq) > (:contract, :seq)
 ORDER BY contract, seq
 LIMIT :limit;
