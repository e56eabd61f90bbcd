-- How many pairs there are of each state, counted as review_list gives them.
-- out: state text, n int
SELECT r.state, COUNT(*) AS n
  FROM review AS r
  JOIN shelf AS a ON a.shelf = r.low
  JOIN shelf AS b ON b.shelf = r.high
 WHERE r.state IN ('open', 'later') AND (a.person <> b.person OR r.kind = 'conflict')
 GROUP BY r.state ORDER BY r.state;
