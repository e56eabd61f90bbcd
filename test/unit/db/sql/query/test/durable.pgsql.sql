-- How commits are kept.
-- out: setting text
SELECT current_setting('synchronous_commit');
