-- What the matcher has learned.
-- in: :version int, :change int, :people int, :pairs int, :model text
INSERT INTO match_weights (version, change, people, pairs, model)
VALUES (:version, :change, :people, :pairs, :model);
