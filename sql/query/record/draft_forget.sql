-- Drafts that nobody went on with.
-- in:   :before time
-- uses: draft_at
DELETE FROM draft WHERE at < :before;
