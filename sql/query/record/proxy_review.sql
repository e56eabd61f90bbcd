-- A clinician looked at a proxy of a child.
-- in:   :id text, :reviewed int
UPDATE proxy SET reviewed = :reviewed
 WHERE id = :id AND ended > :reviewed AND until > :reviewed;
