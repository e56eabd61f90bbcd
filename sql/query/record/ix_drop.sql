-- in: :slot int, :value int, :rid int
DELETE FROM ix WHERE slot = :slot AND value = :value AND rid = :rid;
