-- A comment as it is kept.
-- in:   :id int, :digest blob, :day int, :asked text, :rating int, :service text,
--       :quote int, :body text, :masked int, :themes text, :scheme text, :change int
INSERT INTO pop_comment (id, digest, day, asked, rating, service, quote, body, masked,
                         themes, scheme, change)
VALUES (:id, :digest, :day, :asked, :rating, :service, :quote, :body, :masked,
        :themes, :scheme, :change);
