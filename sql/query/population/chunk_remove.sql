-- All rows of a feed.
-- in:   :feed int
-- uses: pop_chunk_key
DELETE FROM pop_chunk WHERE feed = :feed;
