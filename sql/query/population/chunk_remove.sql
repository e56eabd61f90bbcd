-- All rows of a feed.
-- in:   :feed int
-- uses: pop_chunk_at
DELETE FROM pop_chunk WHERE feed = :feed;
