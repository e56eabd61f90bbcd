-- in: :slot int, :value int, :rid int
INSERT INTO ix (slot, value, rid) VALUES (:slot, :value, :rid)
ON CONFLICT (slot, value, rid) DO NOTHING;
