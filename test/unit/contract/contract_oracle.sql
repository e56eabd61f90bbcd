-- contract_oracle.sql - section 2.1 of contract-and-governance.md told a second time, in
-- SQL and from the text alone, to hold the C against.  Test only.
--
-- component(ord, kind, provider, base)  kind block share volume cost gain; provider's
--   percent of a gain; base: yearly baseline of the marginal rate, 0 none
-- band(component, lo, hi, over, under)  whole percents of plan; hi NULL: no end
-- line(ord, component, price, actual)   pence
-- plan(line, month, pence)              months 0 … 11
-- fact(line, month, units, pence, price) price NULL: as the contract says
-- rate(percent)                          of the marginal rate; no row: none
WITH RECURSIVE
month(m) AS (SELECT 0 UNION ALL SELECT m + 1 FROM month WHERE m < 11),
per_line AS (
	SELECT l.ord AS line, l.component, month.m,
	       (SELECT COALESCE(SUM(p.pence), 0) FROM plan p
	         WHERE p.line = l.ord AND p.month <= month.m) AS plan,
	       (SELECT COALESCE(SUM(f.pence), 0) FROM fact f
	         WHERE f.line = l.ord AND f.month <= month.m) AS value,
	       (SELECT COALESCE(SUM(f.units), 0) FROM fact f
	         WHERE f.line = l.ord AND f.month <= month.m) AS units,
	       (SELECT COALESCE(SUM(f.units * MAX(0, l.price - COALESCE(f.price, l.actual))), 0)
	          FROM fact f
	         WHERE f.line = l.ord AND f.month <= month.m) AS saved,
	       l.price
	  FROM line l, month
),
line_money AS (
	SELECT pl.component, pl.m, pl.plan,
	       CASE c.kind
	       WHEN 'block' THEN pl.plan
	       WHEN 'share' THEN pl.plan
	       WHEN 'volume' THEN pl.units * pl.price
	       WHEN 'cost' THEN pl.value
	       -- Half away from zero; savings are never below 0.
	       ELSE (2 * pl.saved * c.provider + 100) / 200 END AS earned,
	       CASE c.kind
	       WHEN 'volume' THEN pl.units * pl.price
	       WHEN 'gain' THEN 0
	       ELSE pl.value END AS shadow
	  FROM per_line pl
	  JOIN component c ON c.ord = pl.component
),
sums AS (
	SELECT component, m, SUM(plan) AS plan, SUM(earned) AS earned, SUM(shadow) AS shadow
	  FROM line_money
	 GROUP BY component, m
),
moved AS (
	SELECT s.component, s.m,
	       (SELECT COALESCE(SUM(MAX(0, MIN(100 * ABS(s.shadow - s.plan),
	                                       COALESCE(b.hi * s.plan, 100 * ABS(s.shadow - s.plan)))
	                                   - b.lo * s.plan)
	                            * CASE WHEN s.shadow >= s.plan THEN b.over ELSE b.under END), 0)
	          FROM band b WHERE b.component = s.component) AS tens,
	       CASE WHEN s.shadow >= s.plan THEN 1 ELSE -1 END AS sign
	  FROM sums s
),
tariff AS (
	SELECT s.component, s.m, s.shadow,
	       (2 * c.base * (s.m + 1) + 12) / 24 AS baseline,
	       (SELECT percent FROM rate) AS percent, c.base
	  FROM sums s
	  JOIN component c ON c.ord = s.component
)
SELECT s.component, s.m, s.plan,
       s.earned + mv.sign * ((2 * mv.tens + 10000) / 20000) AS earned,
       CASE WHEN t.base > 0 AND t.percent IS NOT NULL AND t.shadow > t.baseline
            THEN t.baseline + (2 * t.percent * (t.shadow - t.baseline) + 100) / 200
            ELSE t.shadow END AS shadow
  FROM sums s
  JOIN moved mv ON mv.component = s.component AND mv.m = s.m
  JOIN tariff t ON t.component = s.component AND t.m = s.m
 ORDER BY s.component, s.m;
