-- The highest number of a role; 0 without any.
-- in:   none
-- out:  last int
-- uses: account_role primary key
SELECT COALESCE(MAX(id), 0) AS last FROM account_role;
