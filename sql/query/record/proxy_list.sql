-- All proxies, those that are over too.
-- out:  id text, holder text, shelf int, contents text, relationship text, born int,
--       reviewed int, named int, start int, until int, ended int, change int
SELECT id, holder, shelf, contents, relationship, born, reviewed, named, start, until,
       ended, change
  FROM proxy
 ORDER BY id;
