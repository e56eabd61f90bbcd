-- The newest version of an entry of a line and month; 0: there is none.
-- in:   :contract text, :period int, :line text
-- out:  version int
-- uses: ct_entry_line
SELECT COALESCE(MAX(version), 0) AS version
  FROM ct_entry
 WHERE contract = :contract AND period = :period AND line = :line;
