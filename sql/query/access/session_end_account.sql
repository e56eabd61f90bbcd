-- All sessions of an account end, or those under one role (0: any).
-- in:   :ended time, :why text, :account text, :role int
-- uses: session_account
UPDATE session SET ended = :ended, why = :why
 WHERE account = :account AND ended = 0 AND (:role = 0 OR role = :role);
