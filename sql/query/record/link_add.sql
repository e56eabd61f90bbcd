-- A fact about two records.
-- in: :id int, :low int, :high int, :said int, :kind text, :state text, :score int, :why text, :fields text, :change int
INSERT INTO link (id, low, high, said, kind, state, score, why, fields, change, undone,
		  undone_why)
VALUES (:id, :low, :high, :said, :kind, :state, :score, :why, :fields, :change, 0, '');
