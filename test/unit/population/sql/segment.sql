-- North West London's groups, written again from population.md 2.6.
-- in: person, cond, asof; out: segment(person, number)
CREATE TEMP TABLE kind(what TEXT, code TEXT);
INSERT INTO kind VALUES
  ('CANCER', 'ltc-cancer'),
  ('SMI', 'ltc-smi'),
  ('LD', 'ltc-learning-disability'),
  ('DISABILITY', 'ltc-physical-disability'),
  ('DEMENTIA', 'ltc-dementia'),
  ('HOMELESS', 'ltc-homeless'),
  ('CONTINUING', 'ltc-continuing-care'),
  ('LTC', 'ltc-hypertension'),
  ('LTC', 'ltc-anxiety-depression'),
  ('LTC', 'ltc-painful-condition'),
  ('LTC', 'ltc-hearing-loss'),
  ('LTC', 'ltc-ibs'),
  ('LTC', 'ltc-asthma'),
  ('LTC', 'ltc-diabetes'),
  ('LTC', 'ltc-chd'),
  ('LTC', 'ltc-ckd'),
  ('LTC', 'ltc-constipation'),
  ('LTC', 'ltc-copd'),
  ('LTC', 'ltc-connective-tissue'),
  ('LTC', 'ltc-alcohol'),
  ('LTC', 'ltc-heart-failure'),
  ('LTC', 'ltc-epilepsy'),
  ('LTC', 'ltc-atrial-fibrillation'),
  ('LTC', 'ltc-stroke-tia'),
  ('LTC', 'efi-arthritis'),
  ('LTC', 'efi-atrial-fibrillation'),
  ('LTC', 'efi-stroke-tia'),
  ('LTC', 'efi-ckd'),
  ('LTC', 'efi-diabetes'),
  ('LTC', 'efi-hearing-loss'),
  ('LTC', 'efi-heart-failure'),
  ('LTC', 'efi-heart-valve-disease'),
  ('LTC', 'efi-hypertension'),
  ('LTC', 'efi-chd'),
  ('LTC', 'efi-osteoporosis'),
  ('LTC', 'efi-parkinsons'),
  ('LTC', 'efi-peptic-ulcer'),
  ('LTC', 'efi-pvd'),
  ('LTC', 'efi-respiratory-disease'),
  ('LTC', 'efi-thyroid-disorders');

CREATE TEMP TABLE is_what(person INTEGER, homeless, dementia, ld, disability, smi,
                          continuing, cancer, any_ltc);
INSERT INTO is_what
SELECT c.person,
       max(k.what = 'HOMELESS') AS homeless, max(k.what = 'DEMENTIA') AS dementia,
       max(k.what = 'LD') AS ld, max(k.what = 'DISABILITY') AS disability,
       max(k.what = 'SMI') AS smi, max(k.what = 'CONTINUING') AS continuing,
       max(k.what = 'CANCER') AS cancer, max(k.what <> 'HOMELESS') AS any_ltc
  FROM cond AS c JOIN kind AS k ON k.code = c.code, asof
 WHERE (c.since <= asof.day OR c.since = 65535) AND asof.day < c.until
 GROUP BY c.person;
CREATE UNIQUE INDEX is_what_person ON is_what(person);

CREATE TABLE segment AS
SELECT id AS person,
       CASE WHEN homeless OR flags & 8 THEN 15
            WHEN age >= 18 AND dementia THEN 14
            WHEN age >= 18 AND ld THEN 12
            WHEN age >= 18 AND disability THEN 13
            WHEN age >= 18 AND smi THEN 11
            WHEN age < 13 AND continuing THEN 9
            WHEN age < 18 AND continuing THEN 10
            WHEN age >= 18 AND cancer THEN 8
            WHEN any_ltc THEN CASE WHEN age < 18 THEN 5 WHEN age < 65 THEN 6 ELSE 7 END
            WHEN age < 13 THEN 1 WHEN age < 18 THEN 2 WHEN age < 65 THEN 3
            ELSE 4 END AS number
  FROM (SELECT p.id, p.flags,
               CASE WHEN p.birth = -32768 THEN 18
                    ELSE (asof.month - p.birth) / 12 END AS age, w.*
          FROM person AS p CROSS JOIN asof LEFT JOIN is_what AS w ON w.person = p.id);
