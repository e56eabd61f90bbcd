CREATE TABLE engine (name TEXT NOT NULL);
INSERT INTO engine VALUES ('sqlite; not the end');
