-- Adds one row of ct_event: steps of reviews, transfers and postings: never changed.
-- in:   :subject text, :seq int, :contract text, :token text, :event text,
--       :actor text, :role text, :org text, :party int, :signatory int, :at int,
--       :reason text, :facts text, :state_from text, :state_to text, :hash text,
--       :change int
INSERT INTO ct_event (subject, seq, contract, token, event, actor, role, org, party, signatory, at, reason, facts, state_from, state_to, hash, change)
VALUES (:subject, :seq, :contract, :token, :event, :actor, :role, :org, :party, :signatory, :at, :reason, :facts, :state_from, :state_to, :hash, :change);
