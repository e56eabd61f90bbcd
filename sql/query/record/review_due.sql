-- Pairs that were put off come back.
-- in: :now int
UPDATE review SET state = 'open', until = 0 WHERE state = 'later' AND until <= :now;
