-- Versions of price lists that were imported, by their first day.
-- out:  id text, supersedes text, day_from int, day_to int, sha text, at time
SELECT id, supersedes, day_from, day_to, sha, at
  FROM ct_price_list
 ORDER BY day_from, id;
