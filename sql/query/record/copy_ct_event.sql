-- Rows of ct_event after a key, in order of the key: backup.
-- in:   :subject text, :seq int, :limit int
-- out:  subject text, seq int, contract text, token text, event text, actor text,
--       role text, org text, party int, signatory int, at int, reason text,
--       facts text, state_from text, state_to text, hash text, change int
-- uses: sqlite_autoindex_ct_event_1
SELECT subject, seq, contract, token, event, actor, role, org, party, signatory, at, reason, facts, state_from, state_to, hash, change
  FROM ct_event
 WHERE (subject, seq) > (:subject, :seq)
 ORDER BY subject, seq
 LIMIT :limit;
