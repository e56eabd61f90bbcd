-- Pairs that were put off come back.
-- in: :now int
UPDATE review SET state = 'open', until = 0, decided = 0, reason = ''
 WHERE state = 'later' AND until <= :now;
