-- Pseudonyms that are new.
-- in:   :ord int, :n int, :pids blob
INSERT INTO pop_person (ord, n, pids) VALUES (:ord, :n, :pids);
