// screens.mjs - what somebody waits for at a page, in a browser: from an event (a bar chosen,
// a slider moved) to the frame in which all that follows is drawn, the server's part included.
//
//     node bench/screens.mjs explorer [FOLDER]
//     node bench/screens.mjs what-if [FOLDER]
//
// explorer: without a FOLDER it makes a place of 1,000,000 people and about 20 million
// events under HF_BENCH_DATA.  Bars of every dimension are chosen in turn, up to three at a
// time, under each kind of event of the trend: twelve histograms, map and trend.
// what-if: the contract of the demonstration, its sliders moved.
// HF_BIN is the binary, HF_CHROMIUM the browser.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

const warm = 24, turns = 240, filtersMost = 3;
const press = 40; // ms that a hand holds the button down; the bar's hover is painted by then

const parts = {
	request: 'until the request is sent', answer: 'until the answer is there',
	drawn: 'until the page is written anew', paint: 'until it is painted',
	bytes: 'bytes of answers', requests: 'requests',
};

/** Makes the place of a million once, with the users of the demonstration. */
function million(bin, data) {
	if (existsSync(join(data, '.whole'))) return;
	const hf = (...args) => execFileSync(bin, args, { stdio: ['ignore', 'ignore', 'inherit'] });
	hf('init', '--data', data);
	hf('generate', '--data', data, '--activity-only', '--people', '1000000', '--activity-years', '3', '--seed', '1');
	hf('user', 'demo', '--data', data);
	writeFileSync(join(data, '.whole'), '');
}

function smallPlace(bin, data) {
	if (existsSync(join(data, '.whole'))) return;
	const hf = (...args) => execFileSync(bin, args, { stdio: ['ignore', 'ignore', 'inherit'] });
	hf('init', '--data', data);
	hf('generate', '--data', data, '--people', '2000', '--full', '200', '--seed', '7');
	hf('user', 'demo', '--data', data);
	hf('contract', 'input', '--data', data, 'acute-2020', 'definitions/contracts/figures/acute-2020.csv');
	writeFileSync(join(data, '.whole'), '');
}

// In the page: when was the event, when did the answer begin and end, when was it painted.
// A frame's callback runs before its paint, and a message sent from there after it.
function watch(api) {
	const seen = { at: 0 };
	for (const kind of ['click', 'input'])
		window.addEventListener(kind, (e) => { seen.at = e.timeStamp; }, true);
	const painted = () => new Promise((done) => requestAnimationFrame(() => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => done(performance.now());
		port2.postMessage(0);
	}));
	/** Times what follows the next event; over(mutations) says when all is written. */
	const follow = (over) => new Promise((done) => {
		performance.clearResourceTimings();
		const eye = new MutationObserver(async (changes) => {
			if (!over(changes)) return;
			eye.disconnect();
			const drawn = performance.now(), paint = await painted();
			const asked = performance.getEntriesByType('resource').filter((r) => r.name.includes(api));
			done({
				request: Math.min(...asked.map((r) => r.requestStart)) - seen.at,
				answer: Math.max(...asked.map((r) => r.responseEnd)) - seen.at,
				drawn: drawn - seen.at,
				paint: paint - seen.at,
				bytes: asked.reduce((n, r) => n + r.decodedBodySize, 0),
				requests: asked.length,
			});
		});
		eye.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['aria-busy'] });
	});
	window.hfIdle = () => {
		let busy = false;
		return follow(() => {
			const now = document.querySelector('.hf-explorer')?.getAttribute('aria-busy') === 'true';
			const over = busy && !now;
			busy ||= now;
			return over;
		});
	};
	// What-if writes its answer into a part of its own.
	window.hfSaid = () => follow((changes) => changes.some((c) => c.target.parentElement?.closest('[aria-live="polite"] table')));
}

function dice() {
	let seed = 1;
	return (n) => { seed = (seed * 48271) % 2147483647; return seed % n; };
}

async function explorer(page, url) {
	for (;;) {
		const state = await (await page.request.get(`${url}/api/population/state`)).json();
		if (!state.loading) break;
		await new Promise((go) => setTimeout(go, 200));
	}
	await page.goto(`${url}/explore`);
	await page.locator('.hf-explorer[aria-busy="false"]').waitFor();
	await page.evaluate(watch, '/api/population/');
	const timed = async (act) => {
		const next = page.evaluate(() => window.hfIdle());
		await act();
		return next;
	};
	const kind = page.locator('.hf-explorer select').first();
	const kinds = await kind.locator('option').evaluateAll((list) => list.map((o) => o.value));
	const bars = (d) => page.locator('.hf-histogram').nth(d).locator('.hf-histogram__bar');
	const out = [], chosen = [], random = dice();
	let dimension = 0;
	// Each kind of event once: the server draws out what the trend is of when it is first
	// asked for (some 100 ms, once after a start).
	for (const k of [...kinds.slice(1), kinds[0]]) await timed(() => kind.selectOption(k));
	for (let turn = 0; turn < warm + turns; turn++) {
		const took = await timed(async () => {
			if (turn % 24 === 23) return kind.selectOption(kinds[((turn + 1) / 24) % kinds.length]);
			if (chosen.length === filtersMost) return chosen.shift().click({ delay: press });
			const d = dimension++ % 12;
			chosen.push(bars(d).nth(random(await bars(d).count())));
			return chosen.at(-1).click({ delay: press });
		});
		if (turn >= warm) out.push(took);
	}
	return out;
}

async function whatIf(page, url) {
	await page.goto(`${url}/contract/acute-2020/what-if`);
	await page.locator('[aria-live="polite"] table').first().waitFor();
	await page.evaluate(watch, '/what-if');
	const sliders = page.locator('.hf-slider input'), out = [];
	for (let turn = 0; turn < 20 + 120; turn++) {
		const next = page.evaluate(() => window.hfSaid());
		await sliders.nth(turn % Math.min(4, await sliders.count())).press(turn % 8 < 4 ? 'ArrowRight' : 'ArrowLeft');
		const took = await next;
		if (turn >= 20) out.push(took);
	}
	return out;
}

const screens = {
	explorer: { login: 'analyst', data: 'million', make: million, play: explorer },
	'what-if': { login: 'signatory', data: 'contract', make: smallPlace, play: whatIf },
};

/** Plays a screen; of each part {p50, p95, most}, in ms, and how many turns there were. */
export async function measure(name, bin, folder) {
	const { login, data, make, play } = screens[name];
	const at = folder ?? join(process.env.HF_BENCH_DATA ?? 'build/bench-data', data);
	if (!folder) make(bin, at);
	process.env.HF_BIN = bin;
	const { serveData, startScreens } = await import('../test/support/pages.mjs');
	const server = await serveData(at, { demonstration: true });
	try {
		const { screens: pages, stop } = await startScreens(server, [login]);
		try {
			pages[login].setDefaultTimeout(120_000);
			const all = await play(pages[login], server.url);
			const out = { turns: all.length };
			for (const part of Object.keys(parts)) {
				const list = all.map((t) => t[part]).sort((a, b) => a - b);
				const rank = (q) => list[Math.min(list.length - 1, Math.floor(q * list.length))];
				out[part] = { p50: rank(0.5), p95: rank(0.95), most: list.at(-1) };
			}
			return out;
		} finally {
			await stop();
		}
	} finally {
		await server.stop();
	}
}

if (process.argv[1]?.endsWith('screens.mjs')) {
	const [, , name, folder] = process.argv;
	if (!screens[name]) {
		console.error(`screens.mjs ${Object.keys(screens).join('|')} [FOLDER]`);
		process.exit(2);
	}
	const m = await measure(name, process.env.HF_BIN ?? 'build/homefirst', folder);
	console.log(`${cpus().length} cores of ${cpus()[0].model}, ${Math.round(totalmem() / 1e9)} GB, load ${loadavg()[0].toFixed(1)}; `
		+ `${name}: ${m.turns} turns, ms from the event`);
	for (const [part, text] of Object.entries(parts)) {
		const { p50, p95, most } = m[part];
		console.log(`${text.padEnd(34)} p50 ${p50.toFixed(1).padStart(8)}   p95 ${p95.toFixed(1).padStart(8)}   most ${most.toFixed(1).padStart(8)}`);
	}
}
