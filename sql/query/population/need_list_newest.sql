-- The newest list of each rule and scope.
-- in:   :limit int
-- out:  id int, rule text, version text, scope text, day int, data int, made_at int,
--       made_by text, org text, places int, eligible int, registered int, dead int,
--       objects int, untraced int, on_caseload int, too_young int, below int,
--       unscored int, change int
-- uses: need_list primary key
SELECT id, rule, version, scope, day, data, made_at, made_by, org, places, eligible,
  registered, dead, objects, untraced, on_caseload, too_young, below, unscored,
  change
  FROM need_list
 WHERE id IN (SELECT MAX(id) FROM need_list GROUP BY scope, rule)
 ORDER BY id
 LIMIT :limit;
