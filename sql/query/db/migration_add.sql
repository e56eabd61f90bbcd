-- Records a migration in the transaction that carried it out.
-- in: :number int, :name text, :sha256 text, :at time
INSERT INTO hf_migration (number, name, sha256, at)
VALUES (:number, :name, :sha256, :at);
