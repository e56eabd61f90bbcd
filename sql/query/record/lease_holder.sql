-- Who holds the writer's lease.
-- out: owner text, until time
SELECT owner, until FROM lease WHERE id = 1;
