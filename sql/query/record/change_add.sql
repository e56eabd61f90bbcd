-- The row of a commit.
-- in: :change int, :actor text, :purpose text, :source text, :items blob
INSERT INTO change (change, actor, purpose, source, items)
VALUES (:change, :actor, :purpose, :source, :items);
