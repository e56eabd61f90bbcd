-- The electronic frailty index, written again from population.md 2.1.
-- in: person, cond, rx, value, asof; out: efi(person, deficits, band)
CREATE TEMP TABLE deficit(n INTEGER, code TEXT);
INSERT INTO deficit VALUES
  (1, 'efi-activity-limitation'),
  (2, 'efi-anaemia'),
  (3, 'efi-arthritis'),
  (4, 'efi-atrial-fibrillation'),
  (5, 'efi-stroke-tia'),
  (6, 'efi-ckd'),
  (7, 'efi-diabetes'),
  (8, 'efi-dizziness'),
  (9, 'efi-dyspnoea'),
  (10, 'efi-falls'),
  (11, 'efi-foot-problems'),
  (12, 'efi-fragility-fracture'),
  (13, 'efi-hearing-loss'),
  (14, 'efi-heart-failure'),
  (15, 'efi-heart-valve-disease'),
  (16, 'efi-housebound'),
  (17, 'efi-hypertension'),
  (18, 'efi-hypotension'),
  (19, 'efi-chd'),
  (20, 'efi-cognitive-problems'),
  (21, 'efi-mobility-problems'),
  (22, 'efi-osteoporosis'),
  (23, 'efi-parkinsons'),
  (24, 'efi-peptic-ulcer'),
  (25, 'efi-pvd'),
  (26, 'efi-polypharmacy'),
  (27, 'efi-care-requirement'),
  (28, 'efi-respiratory-disease'),
  (29, 'efi-skin-ulcer'),
  (30, 'efi-sleep-disturbance'),
  (31, 'efi-social-vulnerability'),
  (32, 'efi-thyroid-disorders'),
  (33, 'efi-urinary-incontinence'),
  (34, 'efi-urinary-system-disease'),
  (35, 'efi-vision-problems'),
  (36, 'efi-weight-loss'),
  (17, 'ltc-hypertension'),
  (13, 'ltc-hearing-loss'),
  (28, 'ltc-asthma'),
  (7, 'ltc-diabetes'),
  (19, 'ltc-chd'),
  (6, 'ltc-ckd'),
  (28, 'ltc-copd'),
  (3, 'ltc-connective-tissue'),
  (14, 'ltc-heart-failure'),
  (20, 'ltc-dementia'),
  (4, 'ltc-atrial-fibrillation'),
  (5, 'ltc-stroke-tia');

CREATE TEMP TABLE present(person INTEGER, n INTEGER);
INSERT INTO present
SELECT c.person, d.n
  FROM cond AS c JOIN deficit AS d ON d.code = c.code, asof
 WHERE c.since <= asof.day OR c.since = 65535
 UNION
SELECT r.person, 26
  FROM rx AS r, asof
 WHERE r.day <= asof.day AND r.day > asof.day - 365
 GROUP BY r.person
HAVING count(DISTINCT r.chemical) >= 5
 UNION
SELECT v.person, 2
  FROM value AS v JOIN person AS p ON p.id = v.person, asof
 WHERE v.code = 'hb' AND v.day <= asof.day
   AND NOT EXISTS (SELECT 1 FROM value AS w
                    WHERE w.person = v.person AND w.code = 'hb' AND w.day > v.day
                      AND w.day <= asof.day)
   AND v.milli < CASE p.sex WHEN 1 THEN 130000 WHEN 2 THEN 120000 ELSE -1 END;
CREATE INDEX present_person ON present(person);

-- Bands on the exact fraction: 100 d > 36 * 36 is severe.
CREATE TABLE efi AS
SELECT p.id AS person,
       CASE WHEN p.death > asof.day THEN count(x.n) END AS deficits,
       CASE WHEN p.death <= asof.day OR p.birth = -32768
              OR (asof.month - p.birth) / 12 < 65 THEN 0
            WHEN 100 * count(x.n) > 36 * 36 THEN 4
            WHEN 100 * count(x.n) > 24 * 36 THEN 3
            WHEN 100 * count(x.n) > 12 * 36 THEN 2
            ELSE 1 END AS band
  FROM person AS p CROSS JOIN asof LEFT JOIN present AS x ON x.person = p.id
 GROUP BY p.id;
