-- Rows of need_person after a key, in order of the key: backup.
-- in:   :list int, :pos int, :limit int
-- out:  list int, pos int, pid blob, practice text, points int, efi int, band int,
--       risk int, chosen int, benefit int, reasons text
-- uses: need_person primary key
SELECT list, pos, pid, practice, points, efi, band, risk, chosen, benefit, reasons
  FROM need_person
 WHERE (list, pos) > (:list, :pos)
 ORDER BY list, pos
 LIMIT :limit;
