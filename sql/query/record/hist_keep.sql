-- Keeps the version that is about to be replaced, under a rid that may be new.
-- in: :to int, :rid int
INSERT INTO hist (rid, version, type, change, flags, dict, body)
SELECT :to, version, type, change, flags, dict, body FROM res WHERE rid = :rid;
