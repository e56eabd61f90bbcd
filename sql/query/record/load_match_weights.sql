-- One row of match_weights as it stood in a backup.
-- in: :version int, :change int, :people int, :pairs int, :model text
INSERT INTO match_weights (version, change, people, pairs, model)
VALUES (:version, :change, :people, :pairs, :model);
