-- Who signed it, for which party.
-- in:   :subject text
-- out:  party int, actor text, role text, org text, at int, hash text, jws text
-- uses: sqlite_autoindex_ct_signature_1
SELECT party, actor, role, org, at, hash, jws
  FROM ct_signature
 WHERE subject = :subject
 ORDER BY party;
