-- The row of a commit.
-- in: :change int, :actor text, :purpose text, :source text, :items blob, :trace text
INSERT INTO change (change, actor, purpose, source, items, trace)
VALUES (:change, :actor, :purpose, :source, :items, :trace);
