-- Rows of pop_chunk after a key, in order of the key: backup.
-- in:   :feed int, :stripe int, :seq int, :limit int
-- out:  feed int, stripe int, seq int, kind int, n int, body blob
-- uses: pop_chunk_key
SELECT feed, stripe, seq, kind, n, body
  FROM pop_chunk
 WHERE (feed, stripe, seq) > (:feed, :stripe, :seq)
 ORDER BY feed, stripe, seq
 LIMIT :limit;
