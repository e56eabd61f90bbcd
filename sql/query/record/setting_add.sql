-- Sets a fact about the store when it is not set.
-- in: :name text, :value blob
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO NOTHING;
