-- Somebody breaks the glass.
-- in:   :id text, :actor text, :role text, :org text, :session int, :shelf int,
--       :patient text, :reason text, :words text, :asked text, :start int, :until int,
--       :ended int, :change int
INSERT INTO glass (id, actor, role, org, session, shelf, patient, reason, words, asked, start, until,
  ended, change)
VALUES (:id, :actor, :role, :org, :session, :shelf, :patient, :reason, :words, :asked,
  :start, :until, :ended, :change);
