-- One row of pop_mark as it stood in a backup.
-- in:   :id int, :mark int, :version int, :measure text, :dim text, :area text,
--       :grain text, :day int, :kind text, :cause text, :reason text, :stands int,
--       :said_at int, :said_by text, :name text, :org text, :change int
INSERT INTO pop_mark (id, mark, version, measure, dim, area, grain, day, kind, cause,
                      reason, stands, said_at, said_by, name, org, change)
VALUES (:id, :mark, :version, :measure, :dim, :area, :grain, :day, :kind, :cause,
        :reason, :stands, :said_at, :said_by, :name, :org, :change);
