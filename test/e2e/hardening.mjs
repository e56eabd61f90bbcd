// What the compiler and the linker put into the binary against misuse of a mistake, and
// what the unit file takes away from the service.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bin } from '../support/e2e.mjs';

function readelf(...args) {
	const r = spawnSync('readelf', ['-W', ...args, bin], { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C' } });
	assert.equal(r.status, 0, r.stderr);
	return r.stdout;
}

const segments = readelf('-l'), dynamic = readelf('-d'), symbols = readelf('--dyn-syms');
const sanitized = /__asan_|__tsan_/.test(symbols);

test('the binary runs at an address nobody can foresee', () => {
	assert.match(readelf('-h'), /Type:\s+DYN/);
	assert.match(dynamic, /FLAGS_1.*PIE/);
});

test('what the linker wrote cannot be changed afterwards', () => {
	assert.match(segments, /GNU_RELRO/);
	assert.match(dynamic, /BIND_NOW|FLAGS.*NOW/);
});

test('no memory can be written and run', () => {
	assert.match(/GNU_STACK.*/.exec(segments)[0], /\sRW\s/);
	for (const line of segments.split('\n').filter((l) => /^\s+LOAD/.test(l))) assert.doesNotMatch(line, /\bRWE\b|\bWE\b/, line);
	assert.doesNotMatch(dynamic, /TEXTREL/);
});

test('a stack that was written over is noticed', () => {
	assert.match(symbols, /__stack_chk_fail/);
});

test('calls that write know how much room there is', { skip: sanitized && 'sanitizers have checks of their own' }, () => {
	const checked = [...new Set([...symbols.matchAll(/\b__(\w+)_chk@/g)].map((m) => m[1]))].filter((n) => n !== 'stack');
	for (const name of ['memcpy', 'memset', 'snprintf', 'vsnprintf']) assert.ok(checked.includes(name), `${name}: ${checked}`);
});

test('jumps go to places that were meant for it', { skip: (sanitized || process.arch !== 'x64') && 'x86 without sanitizers only' }, () => {
	// The marks are in; Debian 12's C library does not turn their check on yet.
	const r = spawnSync('objdump', ['-d', '--no-show-raw-insn', '--disassemble=hf_access_decide', bin], { encoding: 'utf8', maxBuffer: 1 << 28 });
	assert.match(r.stdout, /<hf_access_decide>:\n\s+[0-9a-f]+:\s+endbr64/);
});

test('libraries are found by the system and by nobody else', () => {
	assert.doesNotMatch(dynamic, /RPATH|RUNPATH/);
});

test('asserts are in: a record is never guarded by a check that was left out', () => {
	assert.match(symbols, /__assert_fail/);
});

const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).status === 0;

test('the unit file takes from the service what it does not need', { skip: !analyze && 'systemd-analyze is not installed' }, () => {
	const r = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=15', 'packaging/homefirst.service'], { encoding: 'utf8' });
	assert.equal(r.status, 0, `exposure above 1.5: ${r.stdout.split('\n').slice(-3).join(' ')}${r.stderr}`);
	const verify = spawnSync('systemd-analyze', ['verify', 'packaging/homefirst.service'], { encoding: 'utf8' });
	const complaints = verify.stderr.split('\n').filter((l) => l && !/is not executable/.test(l));
	assert.deepEqual(complaints, []);
});

test('no secret stands in the unit file or in an option', () => {
	const unit = readFileSync('packaging/homefirst.service', 'utf8');
	assert.match(unit, /^LoadCredential=tls\.key:/m);
	assert.doesNotMatch(unit, /password|secret=|token=/i);
	const help = spawnSync(bin, ['serve', '--help'], { encoding: 'utf8' }).stdout;
	assert.doesNotMatch(help, /--(password|secret|passphrase|token) /, 'a secret comes from a file, never from an argument');
});
