-- A session changes: another token, role, purpose or proof.
-- in:   :token blob, :role int, :assurance int, :purpose text, :case_ref text, :seen time,
--       :proved time, :idle int, :id int
-- uses: session primary key
UPDATE session
   SET token = :token, role = :role, assurance = :assurance, purpose = :purpose,
       case_ref = :case_ref, seen = :seen, proved = :proved, idle = :idle
 WHERE id = :id AND ended = 0;
