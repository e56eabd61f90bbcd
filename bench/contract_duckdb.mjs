// contract_duckdb.mjs - the year's spells of bench_contract priced by DuckDB: the same
// question, one thread, to the penny.
//
//   node bench/contract_duckdb.mjs ACTIVITY.csv [ROUNDS]
//
// ACTIVITY.csv is what 'bench_contract --csv' writes.  @duckdb/node-api is no dependency
// of ours: 'npm install --no-save @duckdb/node-api' brings it; without it this says so.
import { argv, exit, hrtime } from 'node:process';

const duckdb = await import('@duckdb/node-api').catch(() => null);
if (!duckdb) {
	console.log('duckdb not installed');
	exit(0);
}
const list = 'definitions/prices/ILL-2020.1';
const pence = (c) => `CAST(CAST(nullif(${c}, '') AS DECIMAL(12,2)) * 100 AS BIGINT) AS ${c}`;
const db = await (await duckdb.DuckDBInstance.create(':memory:', { threads: '1' })).connect();

await db.run(`CREATE TABLE spell AS SELECT * FROM read_csv('${argv[2]}', header = true,
	types = {'method': 'VARCHAR', 'specialty': 'VARCHAR', 'hrg': 'VARCHAR'}) WHERE kind = 0`);
await db.run(`CREATE TABLE hrg AS SELECT hrg, ${['combined', 'dc', 'el', 'ne', 'perday', 'sse_price', 'bpt_price_ne',
	'bpt_price_el'].map(pence)}, CAST(nullif(el_trim, '') AS INT) AS el_trim, CAST(nullif(ne_trim, '') AS INT) AS ne_trim,
	sse_applicable = 'yes' AS sse, bpt_scope AS scope FROM read_csv('${list}/hrg.csv', header = true, all_varchar = true)`);
await db.run(`CREATE TABLE mff AS SELECT provider, CAST(CAST(mff AS DECIMAL(10,4)) * 10000 AS BIGINT) AS mff
	FROM read_csv('${list}/mff.csv', header = true, all_varchar = true)`);
// The highest top-up for each set of services, in hundredths.
await db.run(`CREATE TABLE topup AS SELECT provider, bits AS specialised,
	max(CAST(replace(percent, '%', '') AS BIGINT)) AS topup
	FROM read_csv('${list}/topup.csv', header = true, all_varchar = true),
	     (VALUES ('CHILDREN', 0), ('ORTHO', 1), ('SPINAL', 2), ('NEURO', 3)) b(service_name, bit),
	     range(256) r(bits)
	WHERE service = service_name AND (bits >> bit) & 1 = 1 GROUP BY ALL`);

const sql = `
WITH facts AS (
	SELECT s.*, h.* EXCLUDE hrg, m.mff, coalesce(t.topup, 0) AS topup, s.day - s.admitted AS los,
	       greatest(0, s.day - s.admitted - s.critical - s.rehab - s.palliative - s.other) AS days,
	       s.method IN ('11', '12', '13') AS elective,
	       s.method IN ('21', '22', '23', '24', '25', '28', '2A', '2B', '2C', '2D') AS emergency
	  FROM spell s JOIN hrg h ON h.hrg = s.hrg JOIN mff m ON m.provider = s.provider
	  LEFT JOIN topup t ON t.provider = s.provider AND t.specialised = s.specialised),
based AS (
	SELECT *, emergency AND days <= 1 AND sse AND flags & 4 = 0 AND age >= 19 AS short,
	       CASE WHEN NOT elective THEN ne WHEN cls = 2 AND los = 0 THEN coalesce(dc, combined)
	            ELSE coalesce(el, combined) END AS base,
	       CASE WHEN elective THEN bpt_price_el ELSE bpt_price_ne END AS bpt,
	       CASE WHEN elective THEN el_trim ELSE ne_trim END AS trim_point
	  FROM facts),
priced AS (
	SELECT *, CASE WHEN bpt IS NOT NULL AND flags & 3 <> 0 AND scope = 'replace' THEN bpt
	               WHEN bpt IS NOT NULL AND flags & 3 <> 0 AND scope = 'uplift'
	               THEN bpt + CASE WHEN short THEN sse_price ELSE base END
	               WHEN short THEN sse_price ELSE base END AS price,
	       CASE WHEN NOT short AND days > trim_point THEN (days - trim_point) * perday ELSE 0 END AS extra
	  FROM based WHERE base IS NOT NULL)
SELECT count(*), sum(((price * (100 + topup) + extra * 100) * mff + 500000) // 1000000) FROM priced`;

const n = Number((await db.runAndReadAll('SELECT count(*) FROM spell')).getRows()[0][0]);
let best = Infinity, sum = 0n;
for (let i = 0; i < Number(argv[3] ?? 5); i++) {
	const begun = hrtime.bigint();
	sum = (await db.runAndReadAll(sql)).getRows()[0][1];
	best = Math.min(best, Number(hrtime.bigint() - begun));
}
console.log(`duckdb spells ${(n * 1e3 / best).toFixed(2)} million/s, one thread, without traces`);
console.log(`spells worth ${sum} pence`);
