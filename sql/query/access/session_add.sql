-- A session begins.
-- in:   :id int, :token blob, :account text, :role int, :method text, :assurance int,
--       :purpose text, :case_ref text, :address text, :created time, :seen time, :proved time,
--       :until time, :idle int, :ended time, :why text
INSERT INTO session (id, token, account, role, method, assurance, purpose, case_ref,
		     address, created, seen, proved, until, idle, ended, why)
VALUES (:id, :token, :account, :role, :method, :assurance, :purpose, :case_ref,
	:address, :created, :seen, :proved, :until, :idle, :ended, :why);
