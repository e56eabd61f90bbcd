-- Rows of ct_entry after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, contract text, period int, line text, version int, kind text,
--       words text, document text, source text, prepared text, approved text,
--       reverses int, at int, change int
-- uses: ct_entry primary key
SELECT id, contract, period, line, version, kind, words, document, source, prepared, approved, reverses, at, change
  FROM ct_entry
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
