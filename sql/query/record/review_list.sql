-- Pairs of one state, the likeliest first, from a place on.  What is one person's by
-- now needs no look, unless it is a conflict within a person.
-- in: :state text, :score int, :low int, :high int, :limit int
-- out: low int, high int, kind text, score int, why text, fields text, change int, until int
-- uses: review_state
SELECT r.low, r.high, r.kind, r.score, r.why, r.fields, r.change, r.until
  FROM review AS r
  JOIN shelf AS a ON a.shelf = r.low
  JOIN shelf AS b ON b.shelf = r.high
 WHERE r.state = :state AND (a.person <> b.person OR r.kind = 'conflict')
   AND (r.score < :score OR r.score = :score AND (r.low, r.high) > (:low, :high))
 ORDER BY r.score DESC, r.low, r.high
 LIMIT :limit;
