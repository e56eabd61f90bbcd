-- Sets what stands beside a body anew (rebuild).
-- in: :sig int, :lo int, :span int, :flags int, :rid int
UPDATE res SET sig = :sig, lo = :lo, span = :span, flags = :flags WHERE rid = :rid;
