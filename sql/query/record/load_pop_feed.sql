-- One row of pop_feed as it stood in a backup.
-- in:   :id int, :source text, :kind text, :day_from int, :day_to int, :file text,
--       :sha text, :map text, :cut text, :state int, :replaced_by int,
--       :persons int, :events int, :registrations int, :conditions int, :vals int, :pool int,
--       :covers blob,
--       :at int, :change int
INSERT INTO pop_feed (id, source, kind, day_from, day_to, file, sha, map, cut,
        state, replaced_by, persons, events, registrations, conditions, vals, pool, covers, at,
        change)
VALUES (:id, :source, :kind, :day_from, :day_to, :file, :sha, :map, :cut, :state,
        :replaced_by, :persons, :events, :registrations, :conditions, :vals, :pool, :covers, :at,
        :change);
