-- Adds one row of ct_signature: of statements, one for each party: never changed.
-- in:   :subject text, :party int, :actor text, :role text, :org text, :at int,
--       :hash text, :jws text, :change int
INSERT INTO ct_signature (subject, party, actor, role, org, at, hash, jws, change)
VALUES (:subject, :party, :actor, :role, :org, :at, :hash, :jws, :change);
