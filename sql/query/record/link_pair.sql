-- What counts between two records.
-- in: :low int, :high int
-- out: id int, kind text, state text, said int
-- uses: link_low
SELECT id, kind, state, said FROM link
 WHERE low = :low AND high = :high AND undone = 0
 ORDER BY id;
