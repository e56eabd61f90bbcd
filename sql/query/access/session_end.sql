-- A session ends.
-- in:   :ended time, :why text, :id int
-- uses: session primary key
UPDATE session SET ended = :ended, why = :why WHERE id = :id AND ended = 0;
