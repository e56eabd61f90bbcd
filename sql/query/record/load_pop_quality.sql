-- One row of pop_quality as it stood in a backup.
-- in:   :feed int, :body text
INSERT INTO pop_quality (feed, body)
VALUES (:feed, :body);
