-- One row of ref_list as it stood in a backup.
-- in:   :id int, :kind text, :name text, :system text, :version text, :source text,
--       :licence text, :file text, :sha text, :n int, :replaced_by int, :found text,
--       :at int, :change int, :body blob
INSERT INTO ref_list (id, kind, name, system, version, source, licence, file, sha, n,
  replaced_by, found, at, change, body)
VALUES (:id, :kind, :name, :system, :version, :source, :licence, :file, :sha, :n,
  :replaced_by, :found, :at, :change, :body);
