-- Renews the lease.
-- in: :until time, :owner text
UPDATE lease SET until = :until WHERE id = 1 AND owner = :owner;
