-- A text that is new in its kind.
-- in:   :kind int, :code int, :text text
INSERT INTO pop_code (kind, code, text) VALUES (:kind, :code, :text);
