-- A notice was looked after.
-- in:   :reviewed int, :reviewer text, :outcome text, :note text, :id text
UPDATE notice
   SET reviewed = :reviewed, reviewer = :reviewer, outcome = :outcome, note = :note
 WHERE id = :id;
