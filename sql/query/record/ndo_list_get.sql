-- The import of the opt-out list that counts.
-- out:  gen int, list_at int, imported int, n int, secret blob, change int
SELECT gen, list_at, imported, n, secret, change FROM ndo_list WHERE id = 1;
