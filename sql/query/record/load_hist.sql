-- One row of hist as it stood in a backup.
-- in: :rid int, :version int, :type int, :change int, :flags int, :dict int,
--         :body blob
INSERT INTO hist (rid, version, type, change, flags, dict, body)
VALUES (:rid, :version, :type, :change, :flags, :dict, :body);
