-- Ends what suspends an organisation now; no row changes when nothing does.
-- in:   :org text, :ended int
UPDATE suspension SET ended = :ended
 WHERE org = :org AND ended > :ended AND until > :ended;
