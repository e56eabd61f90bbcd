-- Takes the writer's lease when nobody holds it (SQLite: the file lock has decided).
-- in: :owner text, :until time, :now time
INSERT INTO lease (id, owner, pid, until) VALUES (1, :owner, 0, :until)
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, until = excluded.until
 WHERE excluded.until > :now;
