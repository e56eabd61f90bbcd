-- Lists of one kind that count, oldest first.
-- in:   :kind text
-- out:  id int, name text, system text, version text, source text, n int, body blob
SELECT id, name, system, version, source, n, body
  FROM ref_list
 WHERE kind = :kind AND replaced_by = 0
 ORDER BY id;
