-- One pair of the queue.
-- in: :low int, :high int
-- out: kind text, score int, why text, fields text, change int, state text, until int, decided int, reason text, actor text
SELECT r.kind, r.score, r.why, r.fields, r.change, r.state, r.until, r.decided,
       r.reason, COALESCE(c.actor, '') AS actor
  FROM review AS r LEFT JOIN change AS c ON c.change = r.decided
 WHERE r.low = :low AND r.high = :high;
