-- A number that is another whenever the lists of codes that count are others.
-- out:  state int
SELECT CAST(COALESCE(MAX(id), 0) * 100000 +
            COALESCE(SUM(CASE WHEN replaced_by = 0 THEN 1 ELSE 0 END), 0) AS INT64)
  FROM ref_list
 WHERE kind = 'codes';
