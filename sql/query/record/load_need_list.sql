-- One row of need_list as it stood in a backup.
-- in:   :id int, :rule text, :version text, :scope text, :day int, :data int,
--       :made_at int, :made_by text, :org text, :places int, :eligible int,
--       :registered int, :dead int, :objects int, :untraced int, :on_caseload int,
--       :too_young int, :below int, :unscored int, :change int
INSERT INTO need_list (id, rule, version, scope, day, data, made_at, made_by, org, places, eligible,
  registered, dead, objects, untraced, on_caseload, too_young, below, unscored, change)
VALUES (:id, :rule, :version, :scope, :day, :data, :made_at, :made_by, :org, :places,
  :eligible, :registered, :dead, :objects, :untraced, :on_caseload, :too_young,
  :below, :unscored, :change);
