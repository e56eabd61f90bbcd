-- Replaces the newest version; the old one has gone to hist.
-- in: :version int, :change int, :flags int, :sig int, :lo int, :span int, :dict int, :body blob, :rid int
UPDATE res
   SET version = :version, change = :change, flags = :flags, sig = :sig, lo = :lo,
       span = :span, dict = :dict, body = :body
 WHERE rid = :rid;
