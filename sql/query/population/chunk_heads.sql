-- What rows a feed has, without them.
-- in:   :feed int
-- out:  stripe int, seq int, kind int, n int
-- uses: pop_chunk_key
SELECT stripe, seq, kind, n FROM pop_chunk
 WHERE feed = :feed
 ORDER BY stripe, seq;
