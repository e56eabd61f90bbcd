-- A pair that the matcher put up needs no look any more.
-- in: :decided int, :reason text, :low int, :high int
UPDATE review SET state = 'gone', until = 0, decided = :decided, reason = :reason
 WHERE low = :low AND high = :high AND kind = 'match' AND state IN ('open', 'later');
