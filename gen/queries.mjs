/* queries.mjs - makes db/queries.h and db/queries.c of the SQL under sql/.
 *
 * usage: node gen/queries.mjs [--query DIR]… [--room NAME=DIR]… [--migrate DIR]
 *                             --header OUT.h --source OUT.c [--depfile OUT.d]
 *
 * The form of the files is told in sql/README.md.  The result depends on the files
 * alone: same input, same bytes.  Anything wrong stops the build with file:line. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const ENGINES = ['sqlite', 'pgsql']
const KINDS = { int: 'INT', time: 'INT', bool: 'INT', text: 'TEXT', blob: 'BLOB' }
const WORDS = {
	sqlite: { KEY64: 'INTEGER', INT64: 'INTEGER', BYTES: 'BLOB' },
	pgsql: { KEY64: 'BIGINT', INT64: 'BIGINT', BYTES: 'BYTEA' },
}
const MAX_PARAMS = 64
const MAX_COLUMNS = 64

class Refused extends Error {}

function refuse(file, line, text) {
	throw new Refused(`${file}:${line}: ${text}`)
}

/* ---- SQL as tokens: just enough to leave strings and comments alone ---- */

const TOKEN = new RegExp([
	/(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)/,
	/(?<string>'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>[A-Za-z_]*)\$[\s\S]*?\$\k<tag>\$)/,
	/(?<cast>::)/,
	/:(?<param>[a-z][a-z0-9_]*)/,
	/(?<word>[A-Za-z_][A-Za-z0-9_$]*)/,
	/(?<space>\s+)/,
	/(?<other>[\s\S])/,
].map((r) => r.source).join('|'), 'gy')

function tokens(text, file, firstLine) {
	const out = []
	let line = firstLine
	for (const m of text.matchAll(TOKEN)) {
		const g = m.groups
		const kind = ['comment', 'string', 'cast', 'param', 'word', 'space', 'other']
			.find((k) => g[k] !== undefined)
		if (kind === 'other' && (m[0] === "'" || m[0] === '"'))
			refuse(file, line, `a ${m[0]} that is not closed`)
		out.push({ kind, text: m[0], param: g.param, line })
		line += m[0].split('\n').length - 1
	}
	return out
}

/* Lines that begin with "--sqlite:" or "--pgsql:" are for that engine alone. */
function forEngine(text, engine) {
	return text.split('\n').map((line) => {
		const m = /^\s*--(sqlite|pgsql):(.*)$/.exec(line)
		if (!m)
			return line
		return m[1] === engine ? m[2] : ''
	}).join('\n')
}

/* Comments go, white space shrinks: what is left is what the engine is given of a
 * query, and what the hash of a migration is made of. */
function squeeze(list) {
	return list.filter((t) => t.kind !== 'comment')
		.map((t) => (t.kind === 'space' ? ' ' : t.text)).join('')
		.replace(/\s*;\s*$/, '').trim()
}

function substitute(list, engine, collate) {
	let before = ''
	return list.map((t) => {
		let text = t.text
		if (t.kind === 'word') {
			text = WORDS[engine][text] ?? text
			/* Text sorts by bytes on both engines. */
			if (collate && engine === 'pgsql' && text === 'TEXT' && before !== 'AS')
				text = 'TEXT COLLATE "C"'
		}
		if (t.kind !== 'space' && t.kind !== 'comment')
			before = t.text.toUpperCase()
		return { ...t, text }
	})
}

/* ---- files ---- */

const seen = [] /* every file and folder the result depends on */

function folder(dir) {
	if (!existsSync(dir))
		return []
	seen.push(dir)
	return readdirSync(dir, { withFileTypes: true })
		.filter((e) => !e.name.startsWith('.'))
		.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function text(file) {
	seen.push(file)
	return readFileSync(file, 'utf8').replace(/\r\n/g, '\n')
}

/* ---- named queries ---- */

function fields(value, file, line, isParam) {
	if (value === '' || value === 'none' || value === '-')
		return []
	return value.split(',').map((part) => {
		const m = /^(:?)([a-z][a-z0-9_]*)\s+([a-z]+)$/.exec(part.trim())
		if (!m || (m[1] === ':') !== isParam)
			refuse(file, line, isParam
				? `"${part.trim()}" is not of the form ":name kind"`
				: `"${part.trim()}" is not of the form "name kind"`)
		if (!KINDS[m[3]])
			refuse(file, line, `kind "${m[3]}" is none of ` +
				Object.keys(KINDS).join(', '))
		return { name: m[2], kind: m[3], line }
	})
}

function unique(list, file, what) {
	const names = new Set()
	for (const f of list) {
		if (names.has(f.name))
			refuse(file, f.line, `${what} "${f.name}" stands twice`)
		names.add(f.name)
	}
}

/* The comment lines a query begins with. */
function head(source, file) {
	const lines = source.split('\n')
	const found = { about: '', in: '', out: '', uses: '' }
	const at = { in: 1, out: 1, uses: 1 }
	let key = null
	let n = 0
	for (; n < lines.length && /^--(?!sqlite:|pgsql:)/.test(lines[n]); n++) {
		const body = lines[n].slice(2).trim()
		const m = /^(in|out|uses):\s*(.*)$/.exec(body)
		if (m) {
			if (found[m[1]] !== '')
				refuse(file, n + 1, `a second "${m[1]}:" line`)
			key = m[1]
			at[key] = n + 1
			found[key] = m[2] === '' ? 'none' : m[2]
		} else if (key && found[key].endsWith(',')) {
			found[key] += ' ' + body
		} else if (key) {
			refuse(file, n + 1, 'what is about the query stands before "in:"')
		} else {
			found.about += (found.about ? ' ' : '') + body
		}
	}
	const parsed = {
		about: found.about, uses: found.uses === 'none' ? '' : found.uses, lines: n,
		in: fields(found.in, file, at.in, true),
		out: fields(found.out, file, at.out, false),
	}
	unique(parsed.in, file, 'parameter')
	unique(parsed.out, file, 'column')
	if (parsed.in.length > MAX_PARAMS)
		refuse(file, at.in, `more than ${MAX_PARAMS} parameters`)
	if (parsed.out.length > MAX_COLUMNS)
		refuse(file, at.out, `more than ${MAX_COLUMNS} columns`)
	return parsed
}

function querySql(source, h, engine, file) {
	const body = source.split('\n').slice(h.lines).join('\n')
	let list = tokens(forEngine(body, engine), file, h.lines + 1)
	list = substitute(list, engine, false)
	const used = new Set()
	for (const t of list) {
		if (t.kind !== 'param')
			continue
		const at = h.in.findIndex((f) => f.name === t.param)
		if (at < 0)
			refuse(file, t.line, `:${t.param} is not on the "in:" line`)
		used.add(t.param)
		t.text = (engine === 'sqlite' ? '?' : '$') + (at + 1)
	}
	for (const f of h.in)
		if (!used.has(f.name))
			refuse(file, f.line, `:${f.name} is not used (for ${engine})`)
	const sql = squeeze(list)
	if (sql === '')
		refuse(file, h.lines + 1, `there is no SQL (for ${engine})`)
	const inner = list.findIndex((t, i) => t.text === ';' && t.kind === 'other' &&
		list.slice(i + 1).some((u) => u.kind !== 'space' && u.kind !== 'comment'))
	if (inner >= 0)
		refuse(file, list[inner].line, 'a query is one statement')
	return sql
}

function sameHead(a, b, fileB) {
	for (const key of ['in', 'out']) {
		const show = (h) => h[key].map((f) => `${f.name} ${f.kind}`).join(', ')
		if (show(a) !== show(b))
			refuse(fileB, b[key][0]?.line ?? 1, `its "${key}:" is "${show(b)}", but ` +
				`that of the file it stands in for is "${show(a)}"`)
	}
}

function room(name, dir) {
	if (!/^[a-z][a-z0-9]*$/.test(name))
		refuse(dir, 1, `a room is named in small letters and digits, not "${name}"`)
	const files = folder(dir).map((e) => e.name)
	const queries = []
	for (const f of files) {
		const file = join(dir, f)
		const m = /^([a-z][a-z0-9_]*)(\.pgsql)?\.sql$/.exec(f)
		if (!m)
			refuse(file, 1, 'is named <name>.sql or <name>.pgsql.sql')
		if (m[2]) {
			if (!files.includes(m[1] + '.sql'))
				refuse(file, 1, `stands in for ${m[1]}.sql, which is not there`)
			continue
		}
		const source = text(file)
		const h = head(source, file)
		const sql = { sqlite: querySql(source, h, 'sqlite', file) }
		const other = join(dir, m[1] + '.pgsql.sql')
		if (files.includes(basename(other))) {
			const otherSource = text(other)
			const otherHead = head(otherSource, other)
			sameHead(h, otherHead, other)
			sql.pgsql = querySql(otherSource, otherHead, 'pgsql', other)
		} else {
			sql.pgsql = querySql(source, h, 'pgsql', file)
		}
		queries.push({ name: `${name}_${m[1]}`, file, head: h, sql })
	}
	return queries
}

/* ---- migrations ---- */

function migrationSql(file, engine) {
	const list = substitute(tokens(forEngine(text(file), engine), file, 1), engine, true)
	for (const t of list)
		if (t.kind === 'param')
			refuse(file, t.line, `a migration has no parameters, but :${t.param}`)
	const bare = squeeze(list)
	if (bare === '')
		refuse(file, 1, `there is no SQL (for ${engine})`)
	return {
		sql: list.map((t) => t.text).join(''),
		sha256: createHash('sha256').update(bare).digest('hex'),
	}
}

function migrations(dir) {
	const files = folder(dir).map((e) => e.name)
	const list = []
	for (const f of files) {
		const file = join(dir, f)
		const m = /^(\d{4})_([a-z][a-z0-9_]*)(\.pgsql)?\.sql$/.exec(f)
		if (!m)
			refuse(file, 1, 'is named NNNN_name.sql or NNNN_name.pgsql.sql')
		const twin = `${m[1]}_${m[2]}.pgsql.sql`
		if (m[3]) {
			if (!files.includes(`${m[1]}_${m[2]}.sql`))
				refuse(file, 1, 'stands in for a file that is not there')
			continue
		}
		const number = Number(m[1])
		if (number !== list.length + 1)
			refuse(file, 1, `the next migration is number ${list.length + 1}`)
		list.push({
			number, name: m[2],
			sqlite: migrationSql(file, 'sqlite'),
			pgsql: migrationSql(files.includes(twin) ? join(dir, twin) : file, 'pgsql'),
		})
	}
	return list
}

/* ---- C ---- */

function literal(s, indent) {
	const bytes = [...Buffer.from(s, 'utf8')].map((b) => {
		if (b === 10)
			return '\\n\n'
		if (b === 9)
			return '\\t'
		if (b === 34 || b === 92)
			return '\\' + String.fromCharCode(b)
		if (b === 63)
			return '\\?' /* no trigraphs */
		return b < 32 || b > 126 ? '\\' + b.toString(8).padStart(3, '0')
			: String.fromCharCode(b)
	}).join('')
	return bytes.split('\n').filter((l, i, all) => l !== '' || all.length === 1)
		.map((l) => `${indent}"${l}"`).join('\n')
}

const GENERATED = '/* Generated by gen/queries.mjs from sql/: change the SQL, not this. */\n'

function header(queries) {
	const columns = new Map()
	let out = GENERATED + '#ifndef HF_DB_QUERIES_H\n#define HF_DB_QUERIES_H\n\n'
	out += '/* The named queries; hf_queries[] in db/table.h holds their text. */\n'
	out += 'enum hf_query {\n'
	for (const q of queries)
		out += `\tHF_Q_${q.name.toUpperCase()},\n`
	out += '\tHF_Q_COUNT\n};\n'
	for (const q of queries) {
		if (q.head.out.length === 0)
			continue
		out += `\n/* Columns of HF_Q_${q.name.toUpperCase()}. */\nenum {\n`
		for (const f of q.head.out) {
			const c = `HF_C_${q.name}_${f.name}`.toUpperCase()
			if (columns.has(c))
				refuse(q.file, f.line, `column "${f.name}" would be named ${c}, ` +
					`as in ${columns.get(c)}: rename one`)
			columns.set(c, q.file)
			out += `\t${c},\n`
		}
		out += '};\n'
	}
	return out + '\n#endif\n'
}

function fieldTable(name, list) {
	if (list.length === 0)
		return ''
	return `static const struct hf_query_field ${name}[] = {\n` +
		list.map((f) => `\t{"${f.name}", HF_ARG_${KINDS[f.kind]}},\n`).join('') +
		'};\n'
}

function source(queries, list) {
	let out = GENERATED + '#include "db/table.h"\n\n'
	out += '#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n'
	for (const q of queries)
		out += fieldTable(`in_${q.name}`, q.head.in) +
			fieldTable(`out_${q.name}`, q.head.out)
	out += '\nconst struct hf_query_def hf_queries[HF_Q_COUNT + 1] = {\n'
	for (const q of queries) {
		const h = q.head
		out += `\t[HF_Q_${q.name.toUpperCase()}] = {\n`
		out += `\t\t.name = "${q.name}",\n`
		out += `\t\t.uses = ${literal(h.uses, '')},\n`
		if (h.in.length)
			out += `\t\t.in = in_${q.name},\n\t\t.n_in = ${h.in.length},\n`
		if (h.out.length)
			out += `\t\t.out = out_${q.name},\n\t\t.n_out = ${h.out.length},\n`
		out += `\t\t.sql = {\n\t\t\t[HF_DB_SQLITE] =\n${literal(q.sql.sqlite, '\t\t\t\t')},\n`
		out += `\t\t\t[HF_DB_PGSQL] =\n${literal(q.sql.pgsql, '\t\t\t\t')},\n\t\t},\n\t},\n`
	}
	out += '};\n\n'
	out += `const struct hf_migration hf_migrations[] = {\n`
	for (const m of list) {
		out += `\t{\n\t\t.number = ${m.number},\n\t\t.name = "${m.name}",\n`
		for (const key of ['sha256', 'sql']) {
			out += `\t\t.${key} = {\n`
			for (const e of ENGINES)
				out += `\t\t\t[HF_DB_${e.toUpperCase()}] =\n` +
					`${literal(m[e][key], '\t\t\t\t')},\n`
			out += '\t\t},\n'
		}
		out += '\t},\n'
	}
	out += '\t{.number = 0},\n};\n'
	out += `const size_t hf_n_migrations = ${list.length};\n`
	return out
}

/* ---- command line ---- */

function write(file, content) {
	/* Left alone when it is the same, so that nothing is compiled for it. */
	if (!existsSync(file) || readFileSync(file, 'utf8') !== content)
		writeFileSync(file, content)
}

function main(argv) {
	const rooms = []
	const option = {}
	for (let i = 0; i < argv.length; i += 2) {
		const [key, value] = [argv[i].replace(/^--/, ''), argv[i + 1]]
		if (value === undefined)
			throw new Refused(`queries.mjs: ${argv[i]} wants a value`)
		if (key === 'query') {
			for (const e of folder(value))
				if (e.isDirectory())
					rooms.push([e.name, join(value, e.name)])
		} else if (key === 'room') {
			rooms.push(value.split('='))
		} else if (['migrate', 'header', 'source', 'depfile'].includes(key)) {
			option[key] = value
		} else {
			throw new Refused(`queries.mjs: unknown option ${argv[i]}`)
		}
	}
	const queries = rooms.flatMap(([name, dir]) => room(name, dir))
	const list = option.migrate ? migrations(option.migrate) : []
	write(option.header, header(queries))
	write(option.source, source(queries, list))
	if (option.depfile) {
		const esc = (s) => s.replace(/([ #])/g, '\\$1')
		writeFileSync(option.depfile,
			`${esc(option.header)}: ${[...new Set(seen)].map(esc).join(' ')}\n`)
	}
}

try {
	main(process.argv.slice(2))
} catch (e) {
	if (!(e instanceof Refused))
		throw e
	process.stderr.write(e.message + '\n')
	process.exitCode = 1
}
