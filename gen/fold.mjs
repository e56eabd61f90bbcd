// fold.mjs OUT_FILE - writes the table by which src/fhir/fold.c folds names: what
// each character of the Basic Multilingual Plane becomes.

import fs from 'node:fs';

const out = process.argv[2];
if (!out) {
	console.error('usage: fold.mjs OUT_FILE');
	process.exit(2);
}

// Letters that are no base letter with a mark for Unicode, but are for readers.
const special = {
	ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h',
	ŋ: 'n', ſ: 's', ŧ: 't', ĸ: 'k', ƀ: 'b', ɓ: 'b', ƈ: 'c', ɖ: 'd', ɗ: 'd', ƒ: 'f',
	ɠ: 'g', ǥ: 'g', ɨ: 'i', ƙ: 'k', ƚ: 'l', ɲ: 'n', ƞ: 'n', ɵ: 'o', ƥ: 'p', ƭ: 't',
	ʈ: 't', ʉ: 'u', ʋ: 'v', ƴ: 'y', ƶ: 'z', ǝ: 'e', ɛ: 'e', ɔ: 'o', ς: 'σ',
};

// Marks that are taken off.  Those of Indic scripts are vowels and stay.
const marks = [[0x300, 0x36f], [0x483, 0x489], [0x591, 0x5c7], [0x610, 0x61a],
	[0x64b, 0x65f], [0x670, 0x670], [0x1ab0, 0x1aff], [0x1dc0, 0x1dff],
	[0x20d0, 0x20ff], [0xfe20, 0xfe2f]];
// Letters by category that stand for an apostrophe or an accent.
const isSign = (c) => c >= 0x2b9 && c <= 0x2ff;
const isMark = (c) => marks.some(([a, b]) => c >= a && c <= b);

const KEEP = 0, BLANK = 1, DROP = 2;

function foldOne(ch) {
	const c = ch.codePointAt(0);

	if (ch in special)
		return special[ch];
	if (isMark(c) || /\p{Cf}/u.test(ch))
		return '';
	if (isSign(c))
		return ' ';
	return /[\p{L}\p{N}\p{M}]/u.test(ch) ? ch : ' ';
}

function fold(c) {
	const s = String.fromCodePoint(c);
	const isHangul = c >= 0xac00 && c <= 0xd7a3;

	if (isHangul || /[\p{Cn}\p{Co}\p{Cs}]/u.test(s))
		return s;
	const parts = [...s.toLowerCase()].flatMap((x) =>
		x in special ? [x] : [...x.normalize('NFKD').toLowerCase()]);
	const text = parts.map(foldOne).join('').replace(/ +/g, ' ');
	// Of the few that would become whole phrases, none is part of a name.
	return Buffer.byteLength(text) > 8 ? s : text;
}

const pool = ['\0\0\0'];
const offsets = new Map();
let poolSize = 3;

function action(c) {
	const text = fold(c);

	if (text === String.fromCodePoint(c))
		return KEEP;
	if (text === '')
		return DROP;
	if (text === ' ')
		return BLANK;
	if (!offsets.has(text)) {
		offsets.set(text, poolSize);
		pool.push(text + '\0');
		poolSize += Buffer.byteLength(text) + 1;
	}
	return offsets.get(text);
}

const pages = [], index = [], seen = new Map();
for (let p = 0; p < 256; p++) {
	const page = [];

	for (let i = 0; i < 256; i++)
		page.push(action(p * 256 + i));
	const key = page.join();
	if (!seen.has(key)) {
		seen.set(key, pages.length);
		pages.push(page);
	}
	index.push(seen.get(key));
}
if (poolSize > 65535)
	throw new Error('the pool of folded text does not fit 16 bits');

const rows = (list, per) => {
	const lines = [];

	for (let i = 0; i < list.length; i += per)
		lines.push('\t' + list.slice(i, i + per).join(', ') + ',');
	return lines.join('\n');
};
const bytes = [...Buffer.from(pool.join(''))];

fs.writeFileSync(out, `/* Written by gen/fold.mjs from the Unicode tables of Node; not for changing. */
#include "fhir/fold_table.h"

const uint8_t hf_gen_fold_index[256] = {
${rows(index, 16)}
};

const uint16_t hf_gen_fold_pages[][256] = {
${pages.map((p) => `{\n${rows(p, 16)}\n}`).join(',\n')}
};

const char hf_gen_fold_pool[] = {
${rows(bytes.map((b) => (b > 127 ? b - 256 : b)), 16)}
};
`);
