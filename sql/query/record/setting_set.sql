-- Sets a fact about the store anew.
-- in: :name text, :value blob
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
