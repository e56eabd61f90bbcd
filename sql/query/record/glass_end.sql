-- A user gives up a glass before its time.
-- in:   :ended int, :id text, :actor text
UPDATE glass SET ended = :ended WHERE id = :id AND actor = :actor AND ended > :ended;
