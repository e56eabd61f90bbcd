-- One row of need_version as it stood in a backup.
-- in:   :list int, :before int, :because text, :room text
INSERT INTO need_version (list, before, because, room)
VALUES (:list, :before, :because, :room);
