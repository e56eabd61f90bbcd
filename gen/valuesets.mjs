// valuesets.mjs - expands the value sets that the definitions hold whole.
//
// A value set is closed when each part of it lists its codes, takes a code system
// that the package holds complete, or filters such a one in a way we know.  Anything
// else is open and the reason is said: its codes cannot be checked.

class Open extends Error {}

// All codes of a code system with their parents and properties.
function concepts(system, model) {
	const cs = model.codeSystems.get(system);

	if (!cs)
		throw new Open(`the codes of ${system} are not in the definitions`);
	if (cs.content !== 'complete')
		throw new Open(`the definitions hold only a part of ${system} ` +
			`(content ${cs.content})`);
	const all = new Map();
	const walk = (list, parent) => {
		for (const c of list ?? []) {
			const known = all.get(c.code) ?? { parents: [], properties: [] };
			if (parent)
				known.parents.push(parent);
			for (const p of c.property ?? []) {
				const value = p.valueCode ?? p.valueString ??
					p.valueBoolean ?? p.valueInteger;
				known.properties.push([p.code, String(value)]);
				if (p.code === 'subsumedBy' || p.code === 'parent')
					known.parents.push(p.valueCode);
			}
			all.set(c.code, known);
			walk(c.concept, c.code);
		}
	};
	walk(cs.concept, '');
	return all;
}

function below(all, code, root) {
	const seen = new Set();
	const up = (c) => {
		if (seen.has(c))
			return false;
		seen.add(c);
		return (all.get(c)?.parents ?? []).some((p) => p === root || up(p));
	};
	return up(code);
}

function passes(all, code, f, system) {
	switch (f.op) {
	case 'is-a':
		return code === f.value || below(all, code, f.value);
	case 'descendent-of':
		return below(all, code, f.value);
	case 'is-not-a':
		return code !== f.value && !below(all, code, f.value);
	case '=':
		return all.get(code).properties
			.some(([p, v]) => p === f.property && v === f.value);
	case 'in':
		return f.value.split(',').includes(code) && f.property === 'concept';
	default:
		throw new Open(`it filters ${system} by ${f.op}, which is not supported`);
	}
}

function systemCodes(part, model) {
	if (part.concept)
		return part.concept.map((c) => c.code);
	const all = concepts(part.system, model);

	return [...all.keys()].filter((code) =>
		(part.filter ?? []).every((f) => passes(all, code, f, part.system)));
}

const pair = (system, code) => `${system}|${code}`;

function intersect(a, b) {
	return a ? new Set([...a].filter((x) => b.has(x))) : b;
}

function partCodes(part, model, above) {
	let out = null;

	if (part.system)
		out = new Set(systemCodes(part, model)
			.map((c) => pair(part.system, c)));
	for (const url of part.valueSet ?? [])
		out = intersect(out, codes(url.split('|')[0], model, above));
	if (!out)
		throw new Open('a part of it names neither a system nor a value set');
	return out;
}

function codes(url, model, above) {
	const vs = model.valueSets.get(url);

	if (!vs?.compose?.include)
		throw new Open(`the definitions do not say what ${url} holds`);
	if (above.includes(url))
		throw new Open(`${url} includes itself`);
	const inner = [...above, url];
	const out = new Set();

	for (const part of vs.compose.include)
		for (const c of partCodes(part, model, inner))
			out.add(c);
	for (const part of vs.compose.exclude ?? [])
		for (const c of partCodes(part, model, inner))
			out.delete(c);
	return out;
}

// {codes: [[system, code], ...]} in order, or {open: reason}.
export function expand(url, model) {
	try {
		const found = [...codes(url, model, [])].sort();

		if (found.length === 0)
			return { open: 'no code of it is in the definitions' };
		return {
			codes: found.map((x) => {
				const bar = x.indexOf('|');
				return [x.slice(0, bar), x.slice(bar + 1)];
			}),
		};
	} catch (e) {
		if (e instanceof Open)
			return { open: e.message };
		throw e;
	}
}

// The value sets of required bindings in order of their URL: for each the bound
// elements and what expand() says.
export function requiredBindings(model) {
	const by = new Map();

	for (const type of model.types)
		for (const e of type.elements)
			if (e.binding) {
				if (!by.has(e.binding))
					by.set(e.binding, []);
				by.get(e.binding).push({ owner: type.name, element: e });
			}
	return [...by.keys()].sort().map((url) =>
		({ url, bound: by.get(url), ...expand(url, model) }));
}
