-- The files of a version.
-- in:   :list text
-- out:  name text, body blob
-- uses: ct_price_file_key
SELECT name, body
  FROM ct_price_file
 WHERE list = :list
 ORDER BY name;
