-- Rows of agreement after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, from_org text, to_org text, tier int, categories text, start int,
--       until int, ended int, dsa text, dpia text, change int
-- uses: sqlite_autoindex_agreement_1
SELECT id, from_org, to_org, tier, categories, start, until, ended, dsa, dpia, change
  FROM agreement
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
