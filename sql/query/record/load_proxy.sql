-- One row of proxy as it stood in a backup.
-- in:   :id text, :holder text, :shelf int, :contents text, :relationship text,
--       :born int, :reviewed int, :named int, :start int, :until int, :ended int,
--       :change int
INSERT INTO proxy (id, holder, shelf, contents, relationship, born, reviewed, named,
  start, until, ended, change)
VALUES (:id, :holder, :shelf, :contents, :relationship, :born, :reviewed, :named,
  :start, :until, :ended, :change);
