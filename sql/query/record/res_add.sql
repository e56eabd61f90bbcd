-- Adds the first version of a resource.
-- in: :rid int, :type int, :version int, :change int, :flags int, :sig int, :lo int, :span int, :dict int, :body blob
INSERT INTO res (rid, type, version, change, flags, sig, lo, span, dict, body)
VALUES (:rid, :type, :version, :change, :flags, :sig, :lo, :span, :dict, :body);
