-- Rows of ref_list after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, kind text, name text, system text, version text, source text,
--       licence text, file text, sha text, n int, replaced_by int, found text, at int,
--       change int, body blob
-- uses: ref_list primary key
SELECT id, kind, name, system, version, source, licence, file, sha, n, replaced_by,
  found, at, change, body
  FROM ref_list
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
