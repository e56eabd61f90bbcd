/* nicknames.mjs - makes the C table of definitions/nicknames.
 *
 * usage: node gen/nicknames.mjs FILE OUT.c
 *
 * The table is sorted by name, then by group (the number of the line's first name in
 * alphabetical order).  A name twice on a line, a line twice, or anything but small
 * letters stops the build with file:line. */
import { readFileSync, writeFileSync } from 'node:fs'

const LINE = /^([a-z]+):((?: [a-z]+)+)$/

function refuse(file, line, text) {
	console.error(`${file}:${line}: ${text}`)
	process.exit(1)
}

function read(file) {
	const groups = new Map()

	readFileSync(file, 'utf8').split('\n').forEach((text, i) => {
		if (text === '' || text.startsWith('#'))
			return
		const m = LINE.exec(text)
		if (!m)
			refuse(file, i + 1, 'a line is "name: name name"')
		const names = [m[1], ...m[2].trim().split(' ')]
		if (new Set(names).size !== names.length)
			refuse(file, i + 1, 'a name stands twice on this line')
		if (groups.has(m[1]))
			refuse(file, i + 1, `there is a line for ${m[1]} already`)
		groups.set(m[1], names)
	})
	if (groups.size === 0)
		refuse(file, 1, 'there is no line')
	return groups
}

const [file, out] = process.argv.slice(2)
if (!out) {
	console.error('usage: node gen/nicknames.mjs FILE OUT.c')
	process.exit(2)
}

const groups = read(file), heads = [...groups.keys()].sort()
const rows = heads.flatMap((head, i) => groups.get(head).map((name) => [name, i + 1]))
// The group a name heads comes first among its groups.
rows.sort(([a, i], [b, k]) => a < b ? -1 : a > b ? 1 :
	(heads[k - 1] === a) - (heads[i - 1] === a) || i - k)
writeFileSync(out, `/* From definitions/nicknames by gen/nicknames.mjs: do not edit. */
#include "record/match_name.h"

const struct hf_nickname hf_nicknames[] = {
${rows.map(([name, group]) => `\t{"${name}", ${group}},`).join('\n')}
};
const size_t hf_n_nicknames = ${rows.length};

const char *const hf_nickname_heads[] = {
\tNULL,
${heads.map((head) => `\t"${head}",`).join('\n')}
};
`)
