-- The drafts of a user, newest first.
-- in:   :owner text, :limit int
-- out:  name text, at time
-- uses: sqlite_autoindex_draft_1
SELECT name, at
  FROM draft
 WHERE owner = :owner
 ORDER BY at DESC, name
 LIMIT :limit;
