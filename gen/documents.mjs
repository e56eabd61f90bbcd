/* documents.mjs - puts the documents of a folder into the program.
 *
 * usage: node gen/documents.mjs NAME HEADER OUT.c FILE...
 *
 * Makes hf_NAME_builtin[] of struct hf_definition_text (declared in HEADER), in the
 * order of the file names.  The texts stand in the program as they are. */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'

function literal(text) {
	return text.split(/(?<=\n)/).map((line) =>
		'\t"' + [...Buffer.from(line)].map((b) =>
			b === 10 ? '\\n'
				: b === 34 || b === 92 ? '\\' + String.fromCharCode(b)
				: b >= 32 && b < 127 && b !== 63 ? String.fromCharCode(b)
				: '\\' + b.toString(8).padStart(3, '0')).join('') + '"').join('\n')
}

const [name, header, out, ...files] = process.argv.slice(2)
if (files.length === 0) {
	console.error('usage: node gen/documents.mjs NAME HEADER OUT.c FILE...')
	process.exit(2)
}
files.sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
writeFileSync(out, `/* Made by gen/documents.mjs: do not edit. */
#include "${header}"

#pragma GCC diagnostic ignored "-Woverlength-strings"

${files.map((file, i) => `static const char text_${i}[] =
${literal(readFileSync(file, 'utf8'))};
`).join('\n')}
const struct hf_definition_text hf_${name}_builtin[] = {
${files.map((file, i) => `\t{"${basename(file)}", {text_${i}, sizeof text_${i} - 1}},`).join('\n')}
};
const size_t hf_n_${name}_builtin = ${files.length};
`)
