-- All what organisations share, those that are over too.
-- out:  id text, from_org text, to_org text, tier int, categories text, start int,
--       until int, ended int, dsa text, dpia text, change int
SELECT id, from_org, to_org, tier, categories, start, until, ended, dsa, dpia, change
  FROM agreement
 ORDER BY id;
