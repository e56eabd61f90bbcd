-- Lists that were imported, oldest first, without what they say.
-- out:  id int, kind text, name text, system text, version text, source text,
--       licence text, file text, sha text, n int, replaced_by int, found text, at time
SELECT id, kind, name, system, version, source, licence, file, sha, n, replaced_by, found, at
  FROM ref_list
 ORDER BY id;
