-- All texts of a kind from a code on.
-- in:   :kind int, :from int
-- out:  code int, text text
SELECT code, text FROM pop_code WHERE kind = :kind AND code >= :from ORDER BY code;
