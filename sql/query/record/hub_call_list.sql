-- All episodes at the hub, those that are over too.
-- out:  id text, holder text, shelf int, start int, until int, ended int, change int
SELECT id, holder, shelf, start, until, ended, change
  FROM hub_call
 ORDER BY id;
