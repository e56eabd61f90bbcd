-- Rows of setting after a key, in order of the key: backup.
-- in:   :name text, :limit int
-- out:  name text, value blob
-- uses: sqlite_autoindex_setting_1
SELECT name, value
  FROM setting
 WHERE name > :name
 ORDER BY name
 LIMIT :limit;
