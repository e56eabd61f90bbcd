// hash.mjs - hash tables over names for the generated C; src/fhir/tables_gen.h
// computes the same slot (hf_gen_slot).

const MASK = (1n << 64n) - 1n;

function fold(name) {
	const b = Buffer.from(name, 'utf8');
	const n = b.length;
	let head = 0n;
	let tail = 0n;

	if (n >= 8) {
		head = b.readBigUInt64LE(0);
		tail = b.readBigUInt64LE(n - 8);
	} else if (n >= 4) {
		head = BigInt(b.readUInt32LE(0));
		tail = BigInt(b.readUInt32LE(n - 4));
	} else if (n > 0) {
		head = BigInt(b[0] << 16 | b[n >> 1] << 8 | b[n - 1]);
	}
	const turned = (tail << 29n | tail >> 35n) & MASK;
	return head ^ turned ^ (BigInt(n) * 0x9E3779B97F4A7C15n & MASK);
}

// Seeds in a fixed order (splitmix64), all odd.
function* seeds() {
	for (let i = 1n; ; i++) {
		let z = i * 0x9E3779B97F4A7C15n & MASK;
		z = (z ^ z >> 30n) * 0xBF58476D1CE4E5B9n & MASK;
		z = (z ^ z >> 27n) * 0x94D049BB133111EBn & MASK;
		yield (z ^ z >> 31n) | 1n;
	}
}

function fill(folds, bits, seed) {
	const size = 1 << bits;
	const slots = new Array(size).fill(0);
	let probes = 0;

	folds.forEach((f, i) => {
		let at = Number((f * seed & MASK) >> BigInt(64 - bits));
		while (slots[at]) {
			at = (at + 1) % size;
			probes++;
		}
		slots[at] = i + 1;
	});
	return { slots, probes };
}

// The best of 40 seeds: {seed, bits, slots}; slots hold 1 + the index in names.
export function makeHash(names) {
	const folds = names.map(fold);
	let bits = 1;
	let best = null;
	let tries = 0;

	while (1 << bits < names.length * 2)
		bits++;
	for (const seed of seeds()) {
		const got = fill(folds, bits, seed);
		if (!best || got.probes < best.probes)
			best = { seed, bits, ...got };
		if (best.probes === 0 || ++tries === 40)
			return best;
	}
	return best;
}
