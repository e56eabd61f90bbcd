-- Delegations of users who still work where they delegated from, and until when they
-- do, for the snapshot of rights.
-- in:   :now int
-- out:  from_user text, from_org text, from_who text, to_user text, shelf int,
--       start int, until int, role_until int
SELECT d.from_user, d.from_org, d.from_who, d.to_user, d.shelf, d.start,
       CASE WHEN d.ended < d.until THEN d.ended ELSE d.until END AS until,
       MAX(r.until) AS role_until
  FROM delegation AS d
  JOIN account AS a ON a.id = SUBSTR(d.from_user, 6) AND a.state = 1
  JOIN account_role AS r ON r.account = a.id AND r.org = d.from_org
 WHERE d.until > :now AND d.ended > :now AND r.since <= :now AND r.until > :now
 GROUP BY d.id, d.from_user, d.from_org, d.from_who, d.to_user, d.shelf, d.start,
          d.until, d.ended
 ORDER BY d.id;
