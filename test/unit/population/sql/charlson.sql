-- Charlson by ICD-10 (Quan), written again from population.md 2.3: which group a code is of.
-- in: dx(person, day, code), asof(day); out: charlson(person, w87, w11)
CREATE TEMP TABLE grp(n INTEGER, w87 INTEGER, w11 INTEGER, lo TEXT, hi TEXT, fourth TEXT);
INSERT INTO grp VALUES
  (1, 1, 0, 'I21', 'I21', ''),
  (1, 1, 0, 'I22', 'I22', ''),
  (1, 1, 0, 'I252', 'I252', ''),
  (2, 1, 2, 'I099', 'I099', ''),
  (2, 1, 2, 'I110', 'I110', ''),
  (2, 1, 2, 'I130', 'I130', ''),
  (2, 1, 2, 'I132', 'I132', ''),
  (2, 1, 2, 'I255', 'I255', ''),
  (2, 1, 2, 'I420', 'I420', ''),
  (2, 1, 2, 'I425', 'I429', ''),
  (2, 1, 2, 'I43', 'I43', ''),
  (2, 1, 2, 'I50', 'I50', ''),
  (2, 1, 2, 'P290', 'P290', ''),
  (3, 1, 0, 'I70', 'I70', ''),
  (3, 1, 0, 'I71', 'I71', ''),
  (3, 1, 0, 'I731', 'I731', ''),
  (3, 1, 0, 'I738', 'I738', ''),
  (3, 1, 0, 'I739', 'I739', ''),
  (3, 1, 0, 'I771', 'I771', ''),
  (3, 1, 0, 'I790', 'I790', ''),
  (3, 1, 0, 'I792', 'I792', ''),
  (3, 1, 0, 'K551', 'K551', ''),
  (3, 1, 0, 'K558', 'K558', ''),
  (3, 1, 0, 'K559', 'K559', ''),
  (3, 1, 0, 'Z958', 'Z958', ''),
  (3, 1, 0, 'Z959', 'Z959', ''),
  (4, 1, 0, 'G45', 'G45', ''),
  (4, 1, 0, 'G46', 'G46', ''),
  (4, 1, 0, 'H340', 'H340', ''),
  (4, 1, 0, 'I60', 'I69', ''),
  (5, 1, 2, 'F00', 'F03', ''),
  (5, 1, 2, 'F051', 'F051', ''),
  (5, 1, 2, 'G30', 'G30', ''),
  (5, 1, 2, 'G311', 'G311', ''),
  (6, 1, 1, 'I278', 'I278', ''),
  (6, 1, 1, 'I279', 'I279', ''),
  (6, 1, 1, 'J40', 'J47', ''),
  (6, 1, 1, 'J60', 'J67', ''),
  (6, 1, 1, 'J684', 'J684', ''),
  (6, 1, 1, 'J701', 'J701', ''),
  (6, 1, 1, 'J703', 'J703', ''),
  (7, 1, 1, 'M05', 'M05', ''),
  (7, 1, 1, 'M06', 'M06', ''),
  (7, 1, 1, 'M315', 'M315', ''),
  (7, 1, 1, 'M32', 'M34', ''),
  (7, 1, 1, 'M351', 'M351', ''),
  (7, 1, 1, 'M353', 'M353', ''),
  (7, 1, 1, 'M360', 'M360', ''),
  (8, 1, 0, 'K25', 'K28', ''),
  (9, 1, 2, 'B18', 'B18', ''),
  (9, 1, 2, 'K700', 'K703', ''),
  (9, 1, 2, 'K709', 'K709', ''),
  (9, 1, 2, 'K713', 'K715', ''),
  (9, 1, 2, 'K717', 'K717', ''),
  (9, 1, 2, 'K73', 'K73', ''),
  (9, 1, 2, 'K74', 'K74', ''),
  (9, 1, 2, 'K760', 'K760', ''),
  (9, 1, 2, 'K762', 'K764', ''),
  (9, 1, 2, 'K768', 'K768', ''),
  (9, 1, 2, 'K769', 'K769', ''),
  (9, 1, 2, 'Z944', 'Z944', ''),
  (10, 1, 0, 'E10', 'E14', '01689'),
  (11, 2, 1, 'E10', 'E14', '23457'),
  (12, 2, 2, 'G041', 'G041', ''),
  (12, 2, 2, 'G114', 'G114', ''),
  (12, 2, 2, 'G801', 'G801', ''),
  (12, 2, 2, 'G802', 'G802', ''),
  (12, 2, 2, 'G81', 'G81', ''),
  (12, 2, 2, 'G82', 'G82', ''),
  (12, 2, 2, 'G830', 'G834', ''),
  (12, 2, 2, 'G839', 'G839', ''),
  (13, 2, 1, 'I120', 'I120', ''),
  (13, 2, 1, 'I131', 'I131', ''),
  (13, 2, 1, 'N032', 'N037', ''),
  (13, 2, 1, 'N052', 'N057', ''),
  (13, 2, 1, 'N18', 'N18', ''),
  (13, 2, 1, 'N19', 'N19', ''),
  (13, 2, 1, 'N250', 'N250', ''),
  (13, 2, 1, 'Z490', 'Z492', ''),
  (13, 2, 1, 'Z940', 'Z940', ''),
  (13, 2, 1, 'Z992', 'Z992', ''),
  (14, 2, 2, 'C00', 'C26', ''),
  (14, 2, 2, 'C30', 'C34', ''),
  (14, 2, 2, 'C37', 'C41', ''),
  (14, 2, 2, 'C43', 'C43', ''),
  (14, 2, 2, 'C45', 'C58', ''),
  (14, 2, 2, 'C60', 'C76', ''),
  (14, 2, 2, 'C81', 'C85', ''),
  (14, 2, 2, 'C88', 'C88', ''),
  (14, 2, 2, 'C90', 'C97', ''),
  (15, 3, 4, 'I850', 'I850', ''),
  (15, 3, 4, 'I859', 'I859', ''),
  (15, 3, 4, 'I864', 'I864', ''),
  (15, 3, 4, 'I982', 'I982', ''),
  (15, 3, 4, 'K704', 'K704', ''),
  (15, 3, 4, 'K711', 'K711', ''),
  (15, 3, 4, 'K721', 'K721', ''),
  (15, 3, 4, 'K729', 'K729', ''),
  (15, 3, 4, 'K765', 'K767', ''),
  (16, 6, 6, 'C77', 'C80', ''),
  (17, 6, 4, 'B20', 'B20', ''),
  (17, 6, 4, 'B21', 'B21', ''),
  (17, 6, 4, 'B22', 'B22', ''),
  (17, 6, 4, 'B24', 'B24', '');

CREATE TEMP TABLE code_grp(code TEXT, n INTEGER, w87 INTEGER, w11 INTEGER);
INSERT INTO code_grp
SELECT DISTINCT d.code, g.n, g.w87, g.w11
  FROM (SELECT DISTINCT code FROM dx) AS d, grp AS g
 WHERE substr(d.code, 1, length(g.lo)) BETWEEN g.lo AND g.hi
   AND (g.fourth = '' OR (length(d.code) > 3 AND instr(g.fourth, substr(d.code, 4, 1)) > 0));
CREATE INDEX code_grp_code ON code_grp(code);

CREATE TEMP TABLE has(person INTEGER, n INTEGER, w87 INTEGER, w11 INTEGER);
INSERT INTO has
SELECT DISTINCT dx.person, k.n, k.w87, k.w11
  FROM dx JOIN code_grp AS k ON k.code = dx.code, asof
 WHERE dx.day <= asof.day AND dx.day > asof.day - 1826;
CREATE INDEX has_person ON has(person, n);

-- 11 takes 10 away, 15 takes 9, 16 takes 14.
CREATE TABLE charlson AS
SELECT p.id AS person,
       CASE WHEN p.death > asof.day THEN coalesce(sum(h.w87), 0) END AS w87,
       CASE WHEN p.death > asof.day THEN coalesce(sum(h.w11), 0) END AS w11
  FROM person AS p CROSS JOIN asof
  LEFT JOIN has AS h
    ON h.person = p.id
   AND NOT (h.n = 10 AND EXISTS (SELECT 1 FROM has AS x WHERE x.person = p.id AND x.n = 11))
   AND NOT (h.n = 9 AND EXISTS (SELECT 1 FROM has AS x WHERE x.person = p.id AND x.n = 15))
   AND NOT (h.n = 14 AND EXISTS (SELECT 1 FROM has AS x WHERE x.person = p.id AND x.n = 16))
 GROUP BY p.id;
