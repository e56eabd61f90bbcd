-- Rows of a feed about the persons of a stripe.
-- in:   :feed int, :stripe int
-- out:  seq int, kind int, n int, body blob
-- uses: pop_chunk_key
SELECT seq, kind, n, body FROM pop_chunk
 WHERE feed = :feed AND stripe = :stripe
 ORDER BY seq;
