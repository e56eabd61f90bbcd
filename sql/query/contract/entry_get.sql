-- One entry.
-- in:   :id int
-- out:  id int, contract text, period int, line text, version int, kind text,
--       words text, document text, source text, prepared text, approved text,
--       reverses int, at int
-- uses: ct_entry primary key
SELECT id, contract, period, line, version, kind, words, document, source, prepared, approved, reverses, at
  FROM ct_entry
 WHERE id = :id;
