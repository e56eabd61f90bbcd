-- One row of need_moved as it stood in a backup.
-- in:   :list int, :pos int, :pid blob, :way text, :why text, :was int, :now_at int
INSERT INTO need_moved (list, pos, pid, way, why, was, now_at)
VALUES (:list, :pos, :pid, :way, :why, :was, :now_at);
