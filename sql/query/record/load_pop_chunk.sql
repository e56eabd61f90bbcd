-- One row of pop_chunk as it stood in a backup.
-- in:   :feed int, :stripe int, :seq int, :kind int, :n int, :body blob
INSERT INTO pop_chunk (feed, stripe, seq, kind, n, body)
VALUES (:feed, :stripe, :seq, :kind, :n, :body);
