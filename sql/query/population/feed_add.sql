-- A feed, being written or whole.
-- in:   :id int, :source text, :kind text, :from int, :to int, :file text, :sha text,
--       :map text, :cut text, :state int, :persons int, :events int,
--       :registrations int, :conditions int, :vals int, :pool int, :covers blob, :at time, :change int
INSERT INTO pop_feed (id, source, kind, day_from, day_to, file, sha, map, cut, state,
                      replaced_by, persons, events, registrations, conditions, vals,
                      pool, covers, at, change)
VALUES (:id, :source, :kind, :from, :to, :file, :sha, :map, :cut, :state, 0, :persons,
        :events, :registrations, :conditions, :vals, :pool, :covers, :at,
        :change);
