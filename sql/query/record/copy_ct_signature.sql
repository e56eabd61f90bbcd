-- Rows of ct_signature after a key, in order of the key: backup.
-- in:   :subject text, :party int, :limit int
-- out:  subject text, party int, actor text, role text, org text, at int, hash text,
--       jws text, change int
-- uses: sqlite_autoindex_ct_signature_1
SELECT subject, party, actor, role, org, at, hash, jws, change
  FROM ct_signature
 WHERE (subject, party) > (:subject, :party)
 ORDER BY subject, party
 LIMIT :limit;
