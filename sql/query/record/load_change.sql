-- One row of change as it stood in a backup.
-- in: :change int, :actor text, :purpose text, :source text, :items blob, :trace text, :link blob
INSERT INTO change (change, actor, purpose, source, items, trace, link)
VALUES (:change, :actor, :purpose, :source, :items, :trace, :link);
