-- Takes the writer's lease when nobody holds it: it ran out, or its session ended.
-- in: :owner text, :until time, :now time
INSERT INTO lease (id, owner, pid, until)
VALUES (1, :owner, pg_backend_pid(), :until)
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, pid = excluded.pid,
       until = excluded.until
 WHERE lease.until < :now
    OR NOT EXISTS (SELECT 1 FROM pg_stat_activity AS a WHERE a.pid = lease.pid);
