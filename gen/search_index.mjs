/* search_index.mjs - makes the C table of definitions/search-index.
 *
 * usage: node gen/search_index.mjs FILE OUT.c
 *
 * The table keeps the order of the file.  A slot or a pair that stands twice, an
 * unknown kind, or a date without its date-long stops the build with file:line. */
import { readFileSync, writeFileSync } from 'node:fs'

const KINDS = {
	'token': 'TOKEN',
	'string': 'STRING',
	'date': 'DATE',
	'date-long': 'DATE_LONG',
	'reference': 'REFERENCE',
	'uri': 'URI',
}
const LINE = /^([1-9][0-9]{0,8}) ([A-Z][A-Za-z]+) ([a-z][a-z0-9-]*) ([a-z-]+)$/

function refuse(file, line, text) {
	console.error(`${file}:${line}: ${text}`)
	process.exit(1)
}

function read(file) {
	const slots = new Map(), pairs = new Map(), rows = []

	readFileSync(file, 'utf8').split('\n').forEach((text, i) => {
		const line = i + 1
		if (text === '' || text.startsWith('#'))
			return
		const m = LINE.exec(text)
		if (!m)
			refuse(file, line, 'a line is "slot Type parameter kind"')
		const [, slot, type, param, kind] = m
		const pair = `${type} ${param} ${kind}`
		if (!Object.hasOwn(KINDS, kind))
			refuse(file, line, `there is no kind "${kind}"`)
		if (slots.has(slot))
			refuse(file, line, `slot ${slot} is that of line ${slots.get(slot)}`)
		if (pairs.has(pair))
			refuse(file, line, `"${pair}" stands in line ${pairs.get(pair)}`)
		slots.set(slot, line)
		pairs.set(pair, line)
		rows.push({ slot, type, param, kind })
	})
	for (const [pair, line] of pairs) {
		const other = pair.endsWith(' date') ? pair + '-long' :
			pair.endsWith(' date-long') ? pair.slice(0, -5) : pair
		if (!pairs.has(other))
			refuse(file, line, `"${pair}" needs a line "${other}" beside it`)
	}
	if (rows.length === 0)
		refuse(file, 1, 'there is no line')
	return rows
}

const [file, out] = process.argv.slice(2)
if (!out) {
	console.error('usage: node gen/search_index.mjs FILE OUT.c')
	process.exit(2)
}
const rows = read(file)
writeFileSync(out, `/* Made by gen/search_index.mjs from definitions/search-index. */
#include "record/index_table.h"

const struct hf_index_pair hf_index_pairs[] = {
${rows.map((r) => `	{${r.slot}, "${r.type}", "${r.param}", HF_INDEX_${KINDS[r.kind]}},`).join('\n')}
};
const size_t hf_n_index_pairs = sizeof(hf_index_pairs) / sizeof(hf_index_pairs[0]);
`)
