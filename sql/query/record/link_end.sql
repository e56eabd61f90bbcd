-- A link is taken back.
-- in: :change int, :why text, :id int
UPDATE link SET undone = :change, undone_why = :why WHERE id = :id AND undone = 0;
