-- Takes a row away: the resource stands on another shelf now.
-- in: :rid int
DELETE FROM res WHERE rid = :rid;
