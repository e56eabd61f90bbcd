-- oracle.sql - the rules of contract-and-governance.md 1.2 and 1.5 told a second time, in
-- SQL and from the text alone, to hold the C against.  Test only.
--
-- Amounts are pence; mff is in millionths, top-up in ten-thousandths.  kind 0 spell,
-- 1 outpatient, 2 A&E, 3 unbundled, 4 medicine.
WITH
dated AS (
	SELECT a.*, l.ord AS list, l.min_age, l.no_delays, l.internal, l.ae_function
	  FROM activity a
	  LEFT JOIN list l
	    ON a.day BETWEEN l.first AND l.last
	   AND NOT EXISTS (SELECT 1 FROM list n
	                    WHERE n.supersedes = l.id AND a.day BETWEEN n.first AND n.last)
),
facts AS (
	SELECT d.*,
	       m.kind AS admission,
	       d.day - d.admitted AS los,
	       max(0, d.day - d.admitted - d.critical - d.rehab - d.palliative - d.other) AS days,
	       d.flags & 3 AS met,
	       p.mff,
	       (SELECT max(t.percent) FROM topup t
	         WHERE t.list = d.list AND t.provider = d.provider
	           AND d.day BETWEEN t.first AND t.last
	           AND (d.specialised >> t.service) & 1) AS topup
	  FROM dated d
	  JOIN method m ON m.method = d.method
	  LEFT JOIN mff p ON p.list = d.list AND p.provider = d.provider
	                 AND d.day BETWEEN p.first AND p.last
),
-- Spells ---------------------------------------------------------------------------
spell AS (
	SELECT f.*, h.hrg AS found, h.ne, h.sse, h.sse_price, h.perday, h.scope,
	       f.admission = 'ELECTIVE' AS elective,
	       CASE WHEN f.admission <> 'ELECTIVE' THEN h.ne
	            WHEN f.cls = 2 AND f.los = 0 THEN coalesce(h.dc, h.combined)
	            ELSE coalesce(h.el, h.combined) END AS base,
	       CASE WHEN f.admission = 'ELECTIVE' THEN h.el_trim ELSE h.ne_trim END AS trim_point,
	       CASE WHEN f.admission = 'ELECTIVE' THEN h.bpt_el ELSE h.bpt_ne END AS bpt,
	       f.admission = 'EMERGENCY' AND f.days <= 1 AND h.sse AND NOT f.flags & 4 AS maybe_short
	  FROM facts f
	  LEFT JOIN hrg h ON h.list = f.list AND h.hrg = f.hrg
	                 AND f.day BETWEEN h.first AND h.last
	 WHERE f.kind = 0
),
stepped AS (
	SELECT s.*,
	       s.maybe_short AND s.age <> 255 AND s.age >= s.min_age AS short,
	       max(0, s.days - CASE WHEN s.no_delays THEN s.delayed ELSE 0 END) AS counted
	  FROM spell s
),
practised AS (
	SELECT s.*,
	       CASE WHEN s.scope = 1 AND s.bpt IS NOT NULL AND s.met THEN s.bpt
	            WHEN s.scope = 2 AND s.bpt IS NOT NULL AND s.met
	            THEN s.bpt + CASE WHEN s.short THEN s.sse_price ELSE s.base END
	            WHEN s.short THEN s.sse_price
	            ELSE s.base END AS price,
	       CASE WHEN s.short THEN 0
	            WHEN s.counted > s.trim_point THEN (s.counted - s.trim_point) * s.perday
	            ELSE 0 END AS extra
	  FROM stepped s
),
spells AS (
	SELECT id, price, coalesce(topup, 0) AS topup, extra, mff, 1 AS uses_mff, NULL AS done,
	       CASE WHEN flags & 8 THEN 'UNFINISHED'
	            WHEN list IS NULL THEN 'NO_LIST'
	            WHEN los < 0 OR min(critical, rehab, palliative, other, delayed) < 0
	            THEN 'NEGATIVE'
	            WHEN cls IN (3, 4) THEN 'REGULAR'
	            WHEN admission = 'UNKNOWN' THEN 'METHOD'
	            WHEN hrg = '' THEN 'UNCODED'
	            WHEN found IS NULL THEN 'NO_HRG'
	            WHEN base IS NULL THEN 'NO_PRICE'
	            WHEN maybe_short AND age = 255 THEN 'AGE'
	            WHEN short THEN ''
	            WHEN trim_point IS NULL AND perday IS NOT NULL THEN 'NO_TRIM'
	            WHEN counted > trim_point AND perday IS NULL THEN 'NO_PERDAY'
	            ELSE '' END AS problem
	  FROM practised
),
-- Outpatients, and planned follow-ups in A&E ---------------------------------------------
attended AS (
	SELECT f.*,
	       CASE WHEN f.kind = 2 THEN f.ae_function ELSE f.specialty END AS fn,
	       CASE WHEN f.kind = 2 OR f.cls = 2 OR (f.flags & 32 AND f.internal) THEN 2
	            ELSE 1 END AS attendance
	  FROM facts f
	 WHERE f.kind = 1 OR (f.kind = 2 AND f.flags & 128 AND f.cls BETWEEN 1 AND 4)
),
outpatients AS (
	SELECT a.id,
	       CASE WHEN a.kind = 1 AND a.cls = 3 THEN h.oproc
	            WHEN a.flags & 16 THEN o.multi
	            ELSE o.single END AS price,
	       0 AS topup, 0 AS extra, a.mff, 1 AS uses_mff,
	       CASE WHEN a.kind = 1 AND a.cls = 5 THEN 0 END AS done,
	       CASE WHEN a.list IS NULL THEN 'NO_LIST'
	            WHEN a.kind = 1 AND a.cls NOT BETWEEN 1 AND 5 THEN 'UNKNOWN'
	            WHEN a.kind = 1 AND a.cls = 5 THEN ''
	            WHEN a.kind = 1 AND a.cls = 4 THEN 'NOT_FACE'
	            WHEN a.kind = 1 AND a.cls = 3 AND a.hrg = '' THEN 'UNCODED'
	            WHEN a.kind = 1 AND a.cls = 3 AND h.hrg IS NULL THEN 'NO_HRG'
	            WHEN a.kind = 1 AND a.cls = 3 AND h.oproc IS NULL THEN 'NO_PRICE'
	            WHEN a.kind = 1 AND a.cls = 3 THEN ''
	            WHEN a.kind = 1 AND a.flags & 64 THEN 'NOT_CONSULTANT'
	            WHEN o.fn IS NULL THEN 'NO_HRG'
	            WHEN CASE WHEN a.flags & 16 THEN o.multi ELSE o.single END IS NULL
	            THEN 'NO_PRICE'
	            ELSE '' END AS problem
	  FROM attended a
	  LEFT JOIN hrg h ON h.list = a.list AND h.hrg = a.hrg AND a.day BETWEEN h.first AND h.last
	  LEFT JOIN outpatient o ON o.list = a.list AND o.fn = a.fn
	                        AND o.attendance = a.attendance
	                        AND a.day BETWEEN o.first AND o.last
),
-- A&E ----------------------------------------------------------------------------------
grouped AS (
	SELECT f.*,
	       CASE WHEN f.cls IN (3, 4) THEN 'VB11Z'
	            WHEN f.hrg <> '' THEN f.hrg
	            WHEN f.flags & 512 THEN 'VB99Z'
	            WHEN f.flags & 256 THEN 'VB10Z'
	            WHEN f.treatment = 5 THEN 'VB01Z'
	            WHEN f.investigation = 0 AND f.treatment = 0 THEN 'VB11Z'
	            WHEN f.investigation = 3 AND f.treatment = 4 THEN 'VB02Z'
	            WHEN f.investigation = 3 AND f.treatment >= 1 THEN 'VB03Z'
	            WHEN f.investigation = 2 AND f.treatment >= 1
	            THEN substr('VB08ZVB07ZVB05ZVB04Z', 5 * f.treatment - 4, 5)
	            WHEN f.investigation = 1 AND f.treatment >= 3 THEN 'VB06Z'
	            WHEN f.investigation = 1 AND f.treatment >= 1 THEN 'VB09Z' END AS vb
	  FROM facts f
	 WHERE f.kind = 2 AND NOT (f.flags & 128 AND f.cls BETWEEN 1 AND 4)
),
emergencies AS (
	SELECT g.id, e.price, 0 AS topup, 0 AS extra, g.mff, 1 AS uses_mff, NULL AS done,
	       CASE WHEN g.list IS NULL THEN 'NO_LIST'
	            WHEN g.cls NOT BETWEEN 1 AND 5 THEN 'UNKNOWN'
	            WHEN g.cls = 5 THEN 'SDEC'
	            WHEN g.vb IS NULL THEN 'NO_GROUP'
	            WHEN e.price IS NULL THEN 'NO_HRG'
	            ELSE '' END AS problem
	  FROM grouped g
	  LEFT JOIN ae e ON e.list = g.list AND e.hrg = g.vb AND g.day BETWEEN e.first AND e.last
),
-- Items and medicines --------------------------------------------------------------------
items AS (
	SELECT f.id, u.price * f.quantity AS price, 0 AS topup, 0 AS extra, f.mff, u.uses_mff,
	       NULL AS done,
	       CASE WHEN f.list IS NULL THEN 'NO_LIST'
	            WHEN f.quantity < 0 THEN 'NEGATIVE'
	            WHEN u.price IS NULL THEN 'NO_HRG'
	            ELSE '' END AS problem
	  FROM facts f
	  LEFT JOIN unbundled u ON u.list = f.list AND u.hrg = f.hrg
	                       AND f.day BETWEEN u.first AND u.last
	 WHERE f.kind = 3
),
medicines AS (
	SELECT f.id, NULL AS price, 0 AS topup, 0 AS extra, f.mff, 0 AS uses_mff, f.cost AS done,
	       CASE WHEN f.list IS NULL THEN 'NO_LIST'
	            WHEN f.quantity < 0 OR f.cost < 0 THEN 'NEGATIVE'
	            WHEN d.code IS NULL THEN 'NOT_LISTED'
	            ELSE '' END AS problem
	  FROM facts f
	  LEFT JOIN drug d ON d.list = f.list AND d.code = f.hrg
	                  AND f.day BETWEEN d.first AND d.last
	 WHERE f.kind = 4
),
every AS (
	SELECT * FROM spells UNION ALL SELECT * FROM outpatients
	UNION ALL SELECT * FROM emergencies UNION ALL SELECT * FROM items
	UNION ALL SELECT * FROM medicines
),
-- Step 7: one rounding, half away from zero; nothing here is negative.
exact AS (
	SELECT id, done,
	       CASE WHEN problem <> '' THEN problem
	            WHEN done IS NULL AND uses_mff AND mff IS NULL THEN 'NO_MFF'
	            ELSE '' END AS problem,
	       (price * (10000 + topup) + extra * 10000)
	       * CASE WHEN uses_mff THEN mff ELSE 1000000 END AS x
	  FROM every
)
SELECT id,
       CASE WHEN problem <> '' THEN 0
            WHEN done IS NOT NULL THEN done
            ELSE x / 10000000000 + (2 * (x % 10000000000) >= 10000000000) END AS pence,
       problem
  FROM exact
 ORDER BY id
