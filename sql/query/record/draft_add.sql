-- Keeps a new draft.
-- in:   :owner text, :name text, :at time, :body blob
INSERT INTO draft (owner, name, at, body)
VALUES (:owner, :name, :at, :body);
