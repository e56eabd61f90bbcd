-- When a session was last used.
-- in:   :seen time, :id int
-- uses: session primary key
UPDATE session SET seen = :seen WHERE id = :id AND ended = 0;
