-- Pairs with this record that the matcher put up and that wait.
-- in: :shelf int
-- out: other int
-- uses: review_high
SELECT high AS other FROM review
 WHERE low = :shelf AND kind = 'match' AND state IN ('open', 'later')
UNION ALL
SELECT low AS other FROM review
 WHERE high = :shelf AND kind = 'match' AND state IN ('open', 'later')
 ORDER BY 1;
