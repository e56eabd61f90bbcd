-- A role ends.
-- in:   :until time, :id int
-- uses: account_role primary key
UPDATE account_role SET until = :until WHERE id = :id;
