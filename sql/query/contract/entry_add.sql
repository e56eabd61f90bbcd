-- Adds one row of ct_entry: the ledger: never changed; what was wrong is taken back by another.
-- in:   :id int, :contract text, :period int, :line text, :version int, :kind text,
--       :words text, :document text, :source text, :prepared text, :approved text,
--       :reverses int, :at int, :change int
INSERT INTO ct_entry (id, contract, period, line, version, kind, words, document, source, prepared, approved, reverses, at, change)
VALUES (:id, :contract, :period, :line, :version, :kind, :words, :document, :source, :prepared, :approved, :reverses, :at, :change);
