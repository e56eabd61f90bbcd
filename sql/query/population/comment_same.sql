-- Is a comment here already?
-- in:   :digest blob
-- out:  id int
-- uses: pop_comment_digest
SELECT id FROM pop_comment WHERE digest = :digest;
