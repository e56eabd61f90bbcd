// page.mjs - pages that are committed although they are written from the definitions,
// for readers and reviewers: each script writes its page, or with --check as the last
// argument compares it and ends with 1 when it says anything else.

import fs from 'node:fs';

export function writeOrCheck(script, text) {
	const [modules, file, check] = process.argv.slice(2);

	if (!file) {
		console.error(`usage: ${script} NODE_MODULES FILE [--check]`);
		process.exit(2);
	}
	if (check !== '--check') {
		fs.writeFileSync(file, text);
	} else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
		console.error(`${file} does not say what the definitions say: run ` +
			`node ${script} ${modules} ${file}`);
		process.exit(1);
	}
}
