-- What counts between a record and others.
-- in: :shelf int
-- out: other int, id int, kind text, state text, said int
-- uses: link_low, link_high
SELECT high AS other, id, kind, state, said FROM link
 WHERE low = :shelf AND undone = 0
UNION ALL
SELECT low AS other, id, kind, state, said FROM link
 WHERE high = :shelf AND undone = 0
 ORDER BY 2;
