-- Entries of a contract or fund, oldest first.
-- in:   :contract text, :after int, :limit int
-- out:  id int, period int, line text, version int, kind text, words text,
--       document text, source text, prepared text, approved text, reverses int,
--       at int
-- uses: ct_entry_contract
SELECT id, period, line, version, kind, words, document, source, prepared, approved, reverses, at
  FROM ct_entry
 WHERE contract = :contract AND id > :after
 ORDER BY id
 LIMIT :limit;
