-- Keeps a draft that is there already.
-- in:   :at time, :body blob, :owner text, :name text
-- uses: sqlite_autoindex_draft_1
UPDATE draft SET at = :at, body = :body WHERE owner = :owner AND name = :name;
