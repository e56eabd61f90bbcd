-- A final cut that counts and shares days with a period.
-- in:   :source text, :kind text, :from int, :to int
-- out:  id int
SELECT id FROM pop_feed
 WHERE source = :source AND kind = :kind AND cut = 'freeze' AND state = 1
   AND day_from < :to AND day_to > :from
 ORDER BY id LIMIT 1;
