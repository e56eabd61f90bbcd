-- Which version of a list this is.
-- in:   :list int
-- out:  list int, before int, because text, room text
-- uses: need_version primary key
SELECT list, before, because, room FROM need_version WHERE list = :list;
