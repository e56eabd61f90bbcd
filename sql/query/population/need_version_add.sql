-- Which version of a list this is.
-- in:   :list int, :before int, :because text, :room text
INSERT INTO need_version (list, before, because, room)
VALUES (:list, :before, :because, :room);
