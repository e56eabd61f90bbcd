-- One row of need_answer as it stood in a backup.
-- in:   :id int, :list int, :pos int, :answer text, :reason text, :task text,
--       :said_at int, :said_by text, :change int
INSERT INTO need_answer (id, list, pos, answer, reason, task, said_at, said_by, change)
VALUES (:id, :list, :pos, :answer, :reason, :task, :said_at, :said_by, :change);
