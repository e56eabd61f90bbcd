-- One row of need_person as it stood in a backup.
-- in:   :list int, :pos int, :pid blob, :practice text, :points int, :efi int,
--       :band int, :risk int, :chosen int, :benefit int, :reasons text
INSERT INTO need_person (list, pos, pid, practice, points, efi, band, risk, chosen, benefit, reasons)
VALUES (:list, :pos, :pid, :practice, :points, :efi, :band, :risk, :chosen, :benefit,
  :reasons);
