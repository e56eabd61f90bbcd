-- Comments of some days, the latest first.
-- in:   :from int, :to int, :limit int
-- out:  id int, day int, asked text, rating int, service text, quote int, body text,
--       masked int, themes text, scheme text
-- uses: pop_comment_day
SELECT id, day, asked, rating, service, quote, body, masked, themes, scheme
  FROM pop_comment
 WHERE day >= :from AND day < :to
 ORDER BY day DESC, id DESC
 LIMIT :limit;
