// What the program is made of is known: every linked library and every npm package is in
// docs/dependencies.md and in what scripts/sbom prints.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { bin } from '../support/e2e.mjs';

// Sanitizers' run-time libraries are linked into test builds only.
const ofTests = new Set(['libasan8', 'libubsan1', 'libtsan2', 'libgcc-s1', 'libstdc++6', 'libclang-rt-14-dev']);

describe('the list of what it is made of', () => {
	let sbom, page, named;
	before(() => {
		const r = spawnSync('scripts/sbom', [bin], { encoding: 'utf8', maxBuffer: 1 << 26 });
		assert.equal(r.status, 0, r.stderr);
		sbom = JSON.parse(r.stdout);
		page = readFileSync('docs/dependencies.md', 'utf8');
		named = new Set([...page.matchAll(/`([^`\s]+)`/g)].map((m) => m[1]));
	});
	const kind = (k) => sbom.components.filter((c) => c.properties.some((p) => p.name === 'homefirst:kind' && p.value === k));
	const known = (name) => named.has(name) || (name.includes('/') && named.has(`${name.split('/')[0]}/*`));

	test('is CycloneDX, the same each time, with a version for every part', () => {
		assert.equal(sbom.bomFormat, 'CycloneDX');
		assert.equal(sbom.specVersion, '1.5');
		for (const c of sbom.components) assert.ok(c.name && c.version && c.purl && c['bom-ref'], JSON.stringify(c));
		assert.equal(new Set(sbom.components.map((c) => c['bom-ref'])).size, sbom.components.length);
		const again = spawnSync('scripts/sbom', [bin], { encoding: 'utf8', maxBuffer: 1 << 26 });
		assert.deepEqual(JSON.parse(again.stdout), sbom);
	});

	test('names the package of every library the loader loads', () => {
		const ldd = spawnSync('ldd', [bin], { encoding: 'utf8' }).stdout;
		const files = [...ldd.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((m) => m[1].split('/').at(-1));
		const listed = new Set(kind('debian').flatMap((c) => c.properties.find((p) => p.name === 'homefirst:libraries').value.split(' ')));
		for (const f of files) assert.ok(listed.has(f), f);
		assert.ok(files.length > 5);
	});

	test('every linked library is in docs/dependencies.md, with its reason', () => {
		const missing = kind('debian').map((c) => c.name).filter((n) => !ofTests.has(n) && !known(n));
		assert.deepEqual(missing, []);
	});

	test('every npm package is in docs/dependencies.md', () => {
		const missing = kind('npm').map((c) => c.name).filter((n) => !known(n));
		assert.deepEqual(missing, []);
	});

	test('every npm package has a hash, and all but one tell a licence', () => {
		for (const c of kind('npm')) assert.ok(c.hashes, c.name);
		assert.deepEqual(kind('npm').filter((c) => c.licenses.length === 0).map((c) => c.name), ['emitter-component']);
	});

	test('packages asked for directly are pinned to the digit', () => {
		const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
		for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+$/, name);
	});

	test('none of the licences asks for more than a library of a Debian may', () => {
		for (const c of kind('npm').filter((x) => x.scope === 'required'))
			for (const l of c.licenses) assert.match(l.license.name, /^(MIT|Apache-2\.0|0BSD|ISC|BSD-[23]-Clause|Unlicense|\(MIT OR Apache-2\.0\))$/, `${c.name}: ${l.license.name}`);
	});

	test('scripts/lib.sh installs what is linked, and meson asks for nothing else', () => {
		const lib = readFileSync('scripts/lib.sh', 'utf8'), meson = readFileSync('meson.build', 'utf8');
		const dev = { libsodium: 'libsodium-dev', libzstd: 'libzstd-dev', zlib: 'zlib1g-dev', libzip: 'libzip-dev', hpdf: 'libhpdf-dev', sqlite3: 'libsqlite3-dev', libpq: 'libpq-dev', libmicrohttpd: 'libmicrohttpd-dev',
			gnutls: 'libgnutls28-dev', libseccomp: 'libseccomp-dev', 'libpcre2-8': 'libpcre2-dev', libcurl: 'libcurl4-openssl-dev', libcrypto: 'libssl-dev', libdeflate: 'libdeflate-dev', cmocka: 'libcmocka-dev' };
		for (const [, name] of meson.matchAll(/(?:dependency|find_library)\('([^']+)'/g)) {
			if (['threads', 'm'].includes(name)) continue; // of the C library
			assert.ok(dev[name], `${name} is asked for in meson.build: tell here which package has it`);
			assert.match(lib, new RegExp(`\\b${dev[name]}\\b`), `${dev[name]} is missing in scripts/lib.sh`);
		}
	});
});
