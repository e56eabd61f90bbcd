-- All rows of a feed.
-- in:   :feed int
-- uses: pop_chunk primary key
DELETE FROM pop_chunk WHERE feed = :feed;
