-- A notice to the privacy officer; one that is there already stays as it is.
-- in:   :id text, :kind text, :glass text, :actor text, :role text, :org text,
--       :session int, :shelf int, :patient text, :case_ref text, :recent int,
--       :at int, :due int, :reviewed int, :reviewer text, :outcome text,
--       :note text, :change int
INSERT INTO notice (id, kind, glass, actor, role, org, session, shelf, patient, case_ref, recent, at,
  due, reviewed, reviewer, outcome, note, change)
VALUES (:id, :kind, :glass, :actor, :role, :org, :session, :shelf, :patient, :case_ref,
  :recent, :at, :due, :reviewed, :reviewer, :outcome, :note, :change)
ON CONFLICT (id) DO NOTHING;
