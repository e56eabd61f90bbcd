-- What came in for a contract, in the order of arrival.
-- in:   :contract text, :after int, :limit int
-- out:  seq int, line text, month int, frozen int, units int, pence int, price int,
--       result text, hold int, source text, at int
-- uses: sqlite_autoindex_ct_input_1
SELECT seq, line, month, frozen, units, pence, price, result, hold, source, at
  FROM ct_input
 WHERE contract = :contract AND seq > :after
 ORDER BY seq
 LIMIT :limit;
