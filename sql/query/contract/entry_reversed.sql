-- How many entries take one back.
-- in:   :reverses int
-- out:  entries int
SELECT COUNT(*) AS entries
  FROM ct_entry
 WHERE reverses = :reverses AND reverses <> 0;
