-- How good a feed is.
-- in:   :feed int
-- out:  body text
-- uses: pop_quality primary key
SELECT body FROM pop_quality WHERE feed = :feed;
