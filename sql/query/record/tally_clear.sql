-- Takes all tallies away (rebuild).
DELETE FROM tally;
