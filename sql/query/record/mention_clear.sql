-- Takes all mention rows away (rebuild).
DELETE FROM mention;
