-- A list counts no more.
-- in:   :id int
UPDATE ref_list SET replaced_by = -1 WHERE id = :id AND replaced_by = 0;
