-- Rows of a feed.
-- in:   :feed int, :stripe int, :seq int, :kind int, :n int, :body blob
INSERT INTO pop_chunk (feed, stripe, seq, kind, n, body)
VALUES (:feed, :stripe, :seq, :kind, :n, :body);
