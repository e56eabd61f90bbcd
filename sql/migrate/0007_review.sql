-- What waits to be looked at is asked for by either of its two records.
CREATE INDEX review_high ON review (high, low);
