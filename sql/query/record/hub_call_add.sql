-- One more of episodes at the hub.
-- in:   :id text, :holder text, :shelf int, :start int, :until int, :ended int,
--       :change int
INSERT INTO hub_call (id, holder, shelf, start, until, ended, change)
VALUES (:id, :holder, :shelf, :start, :until, :ended, :change);
