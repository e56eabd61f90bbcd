-- A pair that was looked at, or that needs no look any more.
-- in: :state text, :until int, :decided int, :reason text, :low int, :high int
UPDATE review SET state = :state, until = :until, decided = :decided, reason = :reason
 WHERE low = :low AND high = :high;
