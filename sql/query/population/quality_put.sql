-- How good a feed is.
-- in:   :feed int, :body text
INSERT INTO pop_quality (feed, body) VALUES (:feed, :body)
ON CONFLICT (feed) DO UPDATE SET body = excluded.body;
