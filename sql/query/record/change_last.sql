-- The newest commit, and its link of the chain.
-- out: change int, link blob
SELECT change, link FROM change ORDER BY change DESC LIMIT 1;
