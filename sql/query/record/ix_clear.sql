-- Takes all index rows away (rebuild).
DELETE FROM ix;
