-- One row of pop_code as it stood in a backup.
-- in:   :kind int, :code int, :text text
INSERT INTO pop_code (kind, code, text)
VALUES (:kind, :code, :text);
