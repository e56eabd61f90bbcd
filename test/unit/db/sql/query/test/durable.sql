-- How commits are kept.
-- out: setting text
SELECT s.synchronous || ' ' || j.journal_mode || ' ' || z.page_size
  FROM pragma_synchronous AS s, pragma_journal_mode AS j, pragma_page_size AS z;
