/* access_documents.mjs - puts the documents of definitions/access into the program.
 *
 * usage: node gen/access_documents.mjs ROLES RULES SENSITIVITY OPTOUTS OUT.c
 *
 * The texts stand in the program as they are; access/policy_load.c reads them when it
 * starts and a test reads them in every build. */
import { readFileSync, writeFileSync } from 'node:fs'

const NAMES = ['roles', 'rules', 'sensitivity', 'optouts']

function literal(text) {
	return text.split(/(?<=\n)/).map((line) =>
		'\t"' + [...Buffer.from(line)].map((b) =>
			b === 10 ? '\\n'
				: b === 34 || b === 92 ? '\\' + String.fromCharCode(b)
				: b >= 32 && b < 127 && b !== 63 ? String.fromCharCode(b)
				: '\\' + b.toString(8).padStart(3, '0')).join('') + '"').join('\n')
}

const files = process.argv.slice(2, 6), out = process.argv[6]
if (!out) {
	console.error('usage: node gen/access_documents.mjs '
		+ 'ROLES RULES SENSITIVITY OPTOUTS OUT.c')
	process.exit(2)
}

writeFileSync(out, `/* From definitions/access by gen/access_documents.mjs: do not edit. */
#include "access/policy.h"

#pragma GCC diagnostic ignored "-Woverlength-strings"

${NAMES.map((name, i) => `static const char ${name}[] =
${literal(readFileSync(files[i], 'utf8'))};
`).join('\n')}
const struct hf_policy_text hf_policy_builtin[HF_POLICY_DOCS] = {
${NAMES.map((name) => `\t[HF_DOC_${name.toUpperCase()}] = {"${name}.json", {${name}, sizeof(${name}) - 1}},`).join('\n')}
};
`)
