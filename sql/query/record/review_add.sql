-- A pair to look at.  One that waits already keeps what put it up and gets the newest
-- weights; one that was decided before is put up again, unless somebody let the two be
-- one person in spite of just this.
-- in: :low int, :high int, :kind text, :score int, :why text, :fields text, :change int
INSERT INTO review (low, high, kind, score, why, fields, change, state, until, decided,
		    reason)
VALUES (:low, :high, :kind, :score, :why, :fields, :change, 'open', 0, 0, '')
ON CONFLICT (low, high) DO UPDATE
   SET kind = CASE WHEN review.state IN ('open', 'later') AND review.kind <> 'match'
		    AND excluded.kind <> 'conflict'
		   THEN review.kind ELSE excluded.kind END,
       why = CASE WHEN review.state IN ('open', 'later') AND review.kind <> 'match'
		   AND excluded.kind <> 'conflict'
		  THEN review.why ELSE excluded.why END,
       score = CASE WHEN review.state IN ('open', 'later') AND excluded.kind <> 'match'
		    THEN review.score ELSE excluded.score END,
       fields = CASE WHEN review.state IN ('open', 'later') AND excluded.kind <> 'match'
		     THEN review.fields ELSE excluded.fields END,
       change = CASE WHEN review.state IN ('open', 'later') THEN review.change
		     ELSE excluded.change END,
       decided = CASE WHEN review.state = 'later' THEN review.decided ELSE 0 END,
       reason = CASE WHEN review.state = 'later' THEN review.reason ELSE '' END,
       state = CASE WHEN review.state = 'later' THEN 'later' ELSE 'open' END
 WHERE review.state IN ('open', 'later') OR excluded.kind <> 'conflict'
    OR review.why <> excluded.why;
