-- Whether pairs that were put off are due.
-- in: :now int
-- out: n int
-- uses: review_state
SELECT COUNT(*) AS n FROM review WHERE state = 'later' AND until <= :now;
