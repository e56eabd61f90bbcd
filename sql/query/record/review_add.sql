-- A pair to look at.  One that was decided before is put up again, unless somebody
-- let the two be one person in spite of just this.
-- in: :low int, :high int, :kind text, :score int, :why text, :fields text, :change int
INSERT INTO review (low, high, kind, score, why, fields, change, state, until, decided,
		    reason)
VALUES (:low, :high, :kind, :score, :why, :fields, :change, 'open', 0, 0, '')
ON CONFLICT (low, high) DO UPDATE
   SET kind = excluded.kind, score = excluded.score, why = excluded.why,
       fields = excluded.fields, change = excluded.change, state = 'open', until = 0,
       decided = 0, reason = ''
 WHERE review.state NOT IN ('open', 'later')
   AND (excluded.kind <> 'conflict' OR review.why <> excluded.why);
