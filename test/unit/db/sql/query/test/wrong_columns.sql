-- Gives fewer columns than it says.
-- out: a int, b int
SELECT 1;
