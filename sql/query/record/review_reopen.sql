-- A pair whose link was taken back waits again.
-- in: :low int, :high int
UPDATE review SET state = 'open', until = 0, decided = 0, reason = ''
 WHERE low = :low AND high = :high AND state = 'linked';
