-- How many people of lists of a rule and scope were last answered proposed or accepted
-- about since a time: each answer that no later one about the same place follows.
-- in:   :rule text, :scope text, :since int
-- out:  n int
-- uses: need_list_scope, need_answer_of
SELECT CAST(COUNT(*) AS INT64)
  FROM need_list AS l
  JOIN need_answer AS a ON a.list = l.id
 WHERE l.scope = :scope AND l.rule = :rule AND a.said_at >= :since
   AND a.answer IN ('proposed', 'accepted')
   AND NOT EXISTS (SELECT 1 FROM need_answer AS b
                    WHERE b.list = a.list AND b.pos = a.pos AND b.id > a.id);
