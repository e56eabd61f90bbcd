-- A list that somebody publishes.
-- in:   :id int, :kind text, :name text, :system text, :version text, :source text,
--       :licence text, :file text, :sha text, :n int, :found text, :at time,
--       :change int, :body blob
INSERT INTO ref_list (id, kind, name, system, version, source, licence, file, sha, n,
  replaced_by, found, at, change, body)
VALUES (:id, :kind, :name, :system, :version, :source, :licence, :file, :sha, :n, 0,
  :found, :at, :change, :body);
