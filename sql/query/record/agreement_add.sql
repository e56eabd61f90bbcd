-- One more of what organisations share.
-- in:   :id text, :from_org text, :to_org text, :tier int, :categories text,
--       :start int, :until int, :ended int, :dsa text, :dpia text, :change int
INSERT INTO agreement (id, from_org, to_org, tier, categories, start, until, ended,
  dsa, dpia, change)
VALUES (:id, :from_org, :to_org, :tier, :categories, :start, :until, :ended, :dsa,
  :dpia, :change);
