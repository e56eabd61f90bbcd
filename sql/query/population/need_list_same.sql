-- The newest list of a rule and scope; 0: there is none.
-- in:   :scope text, :rule text
-- out:  id int
-- uses: need_list_scope
SELECT COALESCE(MAX(id), 0) FROM need_list WHERE scope = :scope AND rule = :rule;
