-- One draft.
-- in:   :owner text, :name text
-- out:  at time, body blob
-- uses: sqlite_autoindex_draft_1
SELECT at, body
  FROM draft
 WHERE owner = :owner AND name = :name;
