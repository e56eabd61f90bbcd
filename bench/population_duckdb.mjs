// population_duckdb.mjs - what DuckDB does for the questions of bench_population, beside it
// in the same run.  Optional: it is not a part of the program nor of its tests.
//
//     npm install --prefix DIR @duckdb/node-api
//     node bench/population_duckdb.mjs DIR [PERSONS [EVENTS [THREADS]]]
//
// Columns are as bench_population makes them: equal cardinalities, uniform.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [dir = '.', persons = '1000000', events = '20000000', threads = '1'] = process.argv.slice(2);
let duckdb;
try {
	duckdb = createRequire(`${resolve(dir)}/package.json`)('@duckdb/node-api');
} catch {
	console.log(`DuckDB is not in ${dir}: nothing is compared`);
	process.exit(0);
}
const db = await (await duckdb.DuckDBInstance.create(':memory:')).connect();
const run = async (sql) => (await db.runAndReadAll(sql)).getRows();
await run(`SET threads = ${Number(threads)}`);
const values = { locality: 1, practice: 121, age: 7, sex: 3, imd: 11, ethnic: 6, ltcs: 6, segment: 9, frailty: 5, risk: 5, home: 4, carer: 2 };
const cols = Object.entries(values).map(([k, n]) => `(floor(random() * ${n}))::UTINYINT AS ${k}`).join(', ');
await run(`CREATE TABLE person AS SELECT i::UINTEGER AS id, ${cols} FROM range(${Number(persons)}) t(i)`);
await run(`CREATE TABLE event AS SELECT (i * ${Number(persons)} // ${Number(events)})::UINTEGER AS person,
	(12000 + floor(random() * 1096))::USMALLINT AS day, (1 + floor(random() * 17))::UTINYINT AS setting,
	floor(random() * 400000)::INTEGER AS cost FROM range(${Number(events)}) t(i)`);
const filters = 'age IN (4, 5, 6) AND sex = 2 AND imd IN (1, 2, 3) AND ltcs > 0';
const histogram = (k, where) => `SELECT ${k}, count(*) FROM person ${where} GROUP BY 1`;
const questions = {
	filter4_by3: [`SELECT practice, age, ethnic, count(*) FROM person WHERE ${filters} GROUP BY ALL`],
	histograms12: Object.keys(values).map((k) => histogram(k, '')),
	histograms12_filter4: Object.keys(values).map((k) => histogram(k, `WHERE ${filters}`)),
	monthly_all_events: ['SELECT practice, day // 30, count(*), sum(cost) FROM event JOIN person ON person.id = event.person GROUP BY ALL'],
};
for (const [name, list] of Object.entries(questions)) {
	const ms = [];
	for (let i = 0; i < 7; i++) {
		const began = performance.now();
		for (const sql of list) await run(sql);
		ms.push(performance.now() - began);
	}
	ms.sort((a, b) => a - b);
	console.log(`duckdb ${name} ${ms[3].toFixed(2)} ms, ${threads} thread(s), median of 7`);
}
