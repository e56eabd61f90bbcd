-- One row of pop_person as it stood in a backup.
-- in:   :ord int, :n int, :pids blob
INSERT INTO pop_person (ord, n, pids)
VALUES (:ord, :n, :pids);
