-- The highest number of a role; 0 without any.
-- in:   none
-- out:  last int
-- uses: none
SELECT COALESCE(MAX(id), 0) AS last FROM account_role;
