-- All delegations, those that are over too.
-- out:  id text, from_user text, from_org text, from_who text, to_user text,
--       shelf int, start int, until int, ended int, reason text, change int
SELECT id, from_user, from_org, from_who, to_user, shelf, start, until, ended, reason,
       change
  FROM delegation
 ORDER BY id;
