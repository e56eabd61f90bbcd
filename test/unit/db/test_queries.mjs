/* What gen/queries.mjs makes, and what it refuses with file and line. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const generator = join(dirname(fileURLToPath(import.meta.url)), '../../../gen/queries.mjs')

function generate(t, files) {
	const dir = mkdtempSync(join(tmpdir(), 'hf-queries-'))
	t.after(() => rmSync(dir, { recursive: true }))
	for (const [name, text] of Object.entries({ 'query/.x': '', 'migrate/.x': '', ...files })) {
		mkdirSync(dirname(join(dir, name)), { recursive: true })
		writeFileSync(join(dir, name), text)
	}
	const out = (name) => join(dir, name)
	const run = spawnSync('node', [generator, '--query', out('query'), '--migrate',
		out('migrate'), '--header', out('q.h'), '--source', out('q.c'),
		'--depfile', out('q.d')], { encoding: 'utf8' })
	const read = (name) => readFileSync(out(name), 'utf8')
	return { dir, status: run.status, said: run.stderr.trim().replaceAll(dir + '/', ''),
		header: () => read('q.h'), source: () => read('q.c'), deps: () => read('q.d') }
}

const good = '-- Says hello.\n-- in: :a int, :b text\n-- out: x int\n-- uses: t_i\n'

test('parameters are numbered in the order of the in line, not of use', (t) => {
	const g = generate(t, { 'query/hub/q.sql': good + 'SELECT x FROM t WHERE y = :b AND z = :a;' })
	assert.equal(g.said, '')
	assert.match(g.source(), /"SELECT x FROM t WHERE y = \\\?2 AND z = \\\?1"/)
	assert.match(g.source(), /"SELECT x FROM t WHERE y = \$2 AND z = \$1"/)
	assert.match(g.source(), /\{"a", HF_ARG_INT\},\n\t\{"b", HF_ARG_TEXT\}/)
	assert.match(g.source(), /\.uses = "t_i"/)
	assert.match(g.header(), /HF_Q_HUB_Q,\n\tHF_Q_COUNT/)
	assert.match(g.header(), /HF_C_HUB_Q_X,/)
})

test('strings, comments, quoted names and casts are left alone', (t) => {
	const g = generate(t, { 'query/hub/q.sql': '-- x\n-- in: :a int\n-- out: x text\n' +
		'SELECT \':no\' || "q:no" /* :no */ -- :no\'\n , :a::text;' })
	assert.equal(g.said, '')
	assert.match(g.source(), /':no' \|\| \\"q:no\\" +, \$1::text/)
})

test('words and lines for one engine alone are put in', (t) => {
	const g = generate(t, { 'migrate/0001_a.sql':
		'CREATE TABLE a (k KEY64, b BYTES, t TEXT)\n--sqlite:WITHOUT ROWID\n--pgsql: WITH (fillfactor = 90)\n;' })
	assert.equal(g.said, '')
	assert.match(g.source(), /k INTEGER, b BLOB, t TEXT\)\\n"\n\s+"WITHOUT ROWID/)
	assert.match(g.source(), /k BIGINT, b BYTEA, t TEXT COLLATE \\"C\\"\)/)
	assert.match(g.source(), /WITH \(fillfactor = 90\)/)
})

test('the hash of a migration is that of its SQL, not of its comments', (t) => {
	const hash = (text) => /"([0-9a-f]{64})"/.exec(
		generate(t, { 'migrate/0001_a.sql': text }).source())[1]
	const first = hash('CREATE TABLE a (x INT64);\n')
	assert.equal(hash('-- why\nCREATE TABLE a\n\t(x INT64); -- what x is\n'
		.replace('\n\t', ' ')), first)
	assert.notEqual(hash('CREATE TABLE a (y INT64);\n'), first)
})

test('the same input gives the same bytes', (t) => {
	const files = { 'query/b/q.sql': good + 'SELECT :a, :b', 'query/a/z.sql': good + 'SELECT :a, :b' }
	const [one, two] = [generate(t, files), generate(t, files)]
	assert.equal(one.source(), two.source())
	assert.equal(one.header(), two.header())
	assert.match(one.header(), /HF_Q_A_Z,\n\tHF_Q_B_Q,/)
})

test('every file and folder is named to the build', (t) => {
	const g = generate(t, { 'query/hub/q.sql': good + 'SELECT :a, :b' })
	for (const part of ['query ', 'query/hub ', 'query/hub/q.sql', 'migrate'])
		assert.ok(g.deps().includes(join(g.dir, part)), part)
})

const refused = {
	'a parameter that is not declared':
		['query/hub/q.sql', good + 'SELECT :a,\n  :b, :c', 'query/hub/q.sql:6: :c is not on the "in:" line'],
	'a parameter that is not used':
		['query/hub/q.sql', good + 'SELECT :a', 'query/hub/q.sql:2: :b is not used (for sqlite)'],
	'a kind that is unknown':
		['query/hub/q.sql', '-- x\n-- in: :a float\nSELECT :a',
			'query/hub/q.sql:2: kind "float" is none of int, time, bool, text, blob'],
	'a parameter without a colon':
		['query/hub/q.sql', '-- x\n-- in: a int\nSELECT :a', 'query/hub/q.sql:2: "a int" is not of the form ":name kind"'],
	'a column that stands twice':
		['query/hub/q.sql', '-- x\n-- out: a int, a int\nSELECT 1, 1', 'query/hub/q.sql:2: column "a" stands twice'],
	'two statements':
		['query/hub/q.sql', '-- x\nSELECT 1;\nSELECT 2', 'query/hub/q.sql:2: a query is one statement'],
	'no statement':
		['query/hub/q.sql', '-- x\n\n', 'query/hub/q.sql:2: there is no SQL (for sqlite)'],
	'a string that is not closed':
		['query/hub/q.sql', "-- x\nSELECT 'a", "query/hub/q.sql:2: a ' that is not closed"],
	'a name with capitals':
		['query/hub/Q.sql', '-- x\nSELECT 1', 'query/hub/Q.sql:1: is named <name>.sql or <name>.pgsql.sql'],
	'a stand-in for nothing':
		['query/hub/q.pgsql.sql', '-- x\nSELECT 1', 'query/hub/q.pgsql.sql:1: stands in for q.sql, which is not there'],
	'a gap in the migrations':
		['migrate/0002_a.sql', 'CREATE TABLE a (x INT64)', 'migrate/0002_a.sql:1: the next migration is number 1'],
	'a migration with parameters':
		['migrate/0001_a.sql', 'SELECT\n:x', 'migrate/0001_a.sql:2: a migration has no parameters, but :x'],
}
for (const [what, [file, text, said]] of Object.entries(refused))
	test(`${what} is refused`, (t) => {
		const g = generate(t, { [file]: text })
		assert.equal(g.said, said)
		assert.equal(g.status, 1)
	})

test('a stand-in with other columns is refused', (t) => {
	const g = generate(t, { 'query/hub/q.sql': good + 'SELECT :a, :b',
		'query/hub/q.pgsql.sql': good.replace('x int', 'x text') + 'SELECT :a, :b' })
	assert.equal(g.said, 'query/hub/q.pgsql.sql:3: its "out:" is "x text", but that of ' +
		'the file it stands in for is "x int"')
})

test('two columns that would share a name in C are refused', (t) => {
	const g = generate(t, { 'query/hub/a.sql': '-- x\n-- out: b_c int\nSELECT 1',
		'query/hub/a_b.sql': '-- x\n-- out: c int\nSELECT 1' })
	assert.match(g.said, /a_b\.sql:2: column "c" would be named HF_C_HUB_A_B_C/)
})
