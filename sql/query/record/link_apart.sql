-- Who was decided not to be one person with a record.
-- in: :shelf int
-- out: other int, id int
-- uses: link_low, link_high
SELECT high AS other, id FROM link
 WHERE low = :shelf AND undone = 0 AND state = 'separated'
UNION ALL
SELECT low AS other, id FROM link
 WHERE high = :shelf AND undone = 0 AND state = 'separated'
 ORDER BY 2;
