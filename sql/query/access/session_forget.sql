-- Sessions that ended before a time are forgotten: what they did stands in the audit.
-- in:   :before time
-- uses: none
DELETE FROM session WHERE ended <> 0 AND ended < :before;
