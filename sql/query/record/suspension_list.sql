-- All organisations whose users may not work, those that are over too.
-- out:  id text, org text, start int, until int, ended int, reason text, change int
SELECT id, org, start, until, ended, reason, change
  FROM suspension
 ORDER BY id;
