-- A draft was sent, or thrown away.
-- in:   :owner text, :name text
-- uses: sqlite_autoindex_draft_1
DELETE FROM draft WHERE owner = :owner AND name = :name;
