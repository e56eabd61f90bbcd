-- One commit.
-- in: :change int
-- out: change int, actor text, purpose text, source text, items blob
SELECT change, actor, purpose, source, items FROM change WHERE change = :change;
