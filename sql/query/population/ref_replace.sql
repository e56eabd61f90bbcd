-- Earlier lists of the same kind, name and system count no more.
-- in:   :by int, :kind text, :name text, :system text
UPDATE ref_list SET replaced_by = :by
 WHERE kind = :kind AND name = :name AND system = :system AND replaced_by = 0 AND id < :by;
