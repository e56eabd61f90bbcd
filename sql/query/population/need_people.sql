-- Who stands on a list, in order.
-- in:   :list int
-- out:  list int, pos int, pid blob, practice text, points int, efi int, band int,
--       risk int, chosen int, benefit int, reasons text
-- uses: need_person primary key
SELECT list, pos, pid, practice, points, efi, band, risk, chosen, benefit, reasons
  FROM need_person
 WHERE list = :list
 ORDER BY list, pos;
