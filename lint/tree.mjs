// tree.mjs - checks of the source tree that no compiler makes.
//
//   node lint/tree.mjs [FOLDER]
//
// 1. Rooms include only the rooms that src/rooms.txt allows.
// 2. Pure files (directly in src/<room>/) touch nothing of the world.
// 3. Calls that are banned, and places that are of one machine only.
// 4. Every C file says in its first line what it is for.
// 5. Files of more than 900 lines (a warning).
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';

const root = process.argv[2] ?? '.';
const skip = new Set(['node_modules', '.git', 'subprojects']);
// Rooms that touch the world as a whole: drivers, the server and the commands.
const worldly = new Set(['db', 'server', 'cli']);
const findings = [];
const warnings = [];

function walk(dir, out = []) {
	for (const name of readdirSync(dir).sort()) {
		const path = join(dir, name);
		if (skip.has(name) || (dir === root && name.startsWith('build'))) continue;
		const st = statSync(path, { throwIfNoEntry: false });
		if (!st) continue;
		if (st.isDirectory()) walk(path, out);
		else out.push(path);
	}
	return out;
}

function say(path, line, text) {
	findings.push(`${relative(root, path)}:${line}: ${text}`);
}

function readRooms() {
	const rooms = new Map();
	for (const line of readFileSync(join(root, 'src/rooms.txt'), 'utf8').split('\n')) {
		const m = /^(\w+):\s*(.*)$/.exec(line);
		if (m && !line.startsWith('#')) rooms.set(m[1], new Set(m[2].split(/\s+/).filter(Boolean)));
	}
	return rooms;
}

const rooms = readRooms();
const worldHeaders = new Set(['sqlite3.h', 'libpq-fe.h', 'microhttpd.h', 'unistd.h', 'fcntl.h', 'dirent.h',
	'netdb.h', 'pthread.h', 'curl/curl.h']);
const worldCalls = /\b(fopen|freopen|fread|fwrite|fputs|printf|puts|time|clock_gettime|gettimeofday|getenv|open|socket|connect|pthread_create)\s*\(/;
const banned = /\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gmtime|localtime|rand|srand|alloca|tmpnam|mktemp|gets|system|popen)\s*\(/;

// The text with comments and strings blanked, lines kept.
function bare(text) {
	return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
		(s) => (s.startsWith('"') ? '""' : '') + s.replace(/[^\n]/g, '').slice(0));
}

function checkC(path, text) {
	const rel = relative(join(root, 'src'), path);
	const room = rel.startsWith('..') ? null : rel.split('/')[0];
	const pure = room !== null && !worldly.has(room) && !rel.includes('/io/');
	const allowed = rooms.get(room);
	const lines = text.split('\n');
	const code = bare(text).split('\n');

	if (room !== null && allowed === undefined && rel.includes('/')) say(path, 1, `room ${room} is not in src/rooms.txt`);
	if (!/^\/\*/.test(lines[0])) say(path, 1, 'the first line says what the file is for');
	lines.forEach((line, i) => {
		const m = /^\s*#\s*include\s+(["<])([^">]+)[">]/.exec(line);
		if (!m) return;
		const header = m[2];
		if (m[1] === '<') {
			if (pure && (worldHeaders.has(header) || header.startsWith('sys/')))
				say(path, i + 1, `a pure file does not include <${header}>`);
			return;
		}
		if (room === null || !header.includes('/')) return;
		const other = header.split('/')[0];
		if (other !== room && !allowed?.has(other) && rooms.has(other))
			say(path, i + 1, `room ${room} does not include ${other} (src/rooms.txt)`);
		if (pure && (header.includes('/io/') || other === 'db'))
			say(path, i + 1, `a pure file does not include ${header}`);
	});
	code.forEach((line, i) => {
		const b = banned.exec(line);
		if (b && !line.includes('#pragma') && !(room === null && b[1] === 'system')) say(path, i + 1, `${b[1]}() is banned`);
		const w = pure && worldCalls.exec(line);
		if (w && !/\b(vs?n?|s[n]?)printf\s*\($/.test(line.slice(0, w.index + w[0].length)))
			say(path, i + 1, `a pure file does not call ${w[1]}()`);
	});
}

// What must not stand in any file: paths of one machine, left-over conflicts.
const machine = new RegExp(['/' + 'work/', '\\.' + 'library', '/' + 'root/', '<{7} ', '>{7} '].join('|'));

for (const path of walk(root)) {
	const ext = extname(path);
	const name = basename(path);
	if (!['.c', '.h', '.def', '.mjs', '.js', '.ts', '.tsx', '.sql', '.sh', '.md', '.build', '.txt', '.json', '.scss', ''].includes(ext)) continue;
	if (name === 'package-lock.json' || dirname(path).includes('corpus')) continue;
	const text = readFileSync(path, 'utf8');
	const lines = text.split('\n');
	lines.forEach((line, i) => {
		const m = machine.exec(line);
		if (m) say(path, i + 1, `"${m[0].trim()}" is of one machine or a left-over`);
	});
	if (ext === '.c' || ext === '.h') checkC(path, text);
	if (['.c', '.h', '.mjs', '.ts', '.tsx'].includes(ext) && lines.length > 900)
		warnings.push(`${relative(root, path)}: ${lines.length} lines (900 are much)`);
}
for (const w of warnings) console.log(`warning: ${w}`);
for (const f of findings) console.log(f);
process.exit(findings.length ? 1 : 0);
