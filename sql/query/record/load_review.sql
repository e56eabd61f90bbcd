-- One row of review as it stood in a backup.
-- in: :low int, :high int, :kind text, :score int, :why text, :fields text, :change int, :state text, :until int, :decided int, :reason text
INSERT INTO review (low, high, kind, score, why, fields, change, state, until, decided,
		    reason)
VALUES (:low, :high, :kind, :score, :why, :fields, :change, :state, :until, :decided,
	:reason);
