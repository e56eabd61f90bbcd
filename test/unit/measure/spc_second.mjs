/* spc_second.mjs - the charts' rules a second time, by windows over plain lists and from
 * the written rule (population.md 4), against the program's, flag for flag.
 *
 * usage: node spc_second.mjs PROGRAM [SERIES [SEED]] */
import { spawnSync } from 'node:child_process'

const [program, count = '10000', seedText = '20261122'] = process.argv.slice(2)

/* mulberry32: enough for series to try. */
let state = Number(seedText) >>> 0
const random = () => {
	state = (state + 0x6d2b79f5) >>> 0
	let t = Math.imul(state ^ (state >>> 15), state | 1)
	t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = (n) => Math.floor(random() * n)
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length
const NAMES = ['xmr', 'p', 'u', 'g', 't', 'pPrime', 'uPrime']

/* A series that has something to find: steps, drifts, outliers, ties, gaps. */
function invent() {
	const chart = NAMES[below(NAMES.length)]
	const n = 3 + below(58)
	const whole = random() < 0.5
	const step = below(n), drift = random() < 0.3 ? normal() : 0
	const by = random() < 0.5 ? normal() * 2 : 0
	const level = [...Array(n)].map((_, i) => (i >= step ? by : 0) + drift * i / 8 +
		normal() * (random() < 0.05 ? 4 : 1))
	const c = { chart, trend: 6 + below(2), freeze: random() < 0.3 ? 5 + below(20) : 0,
		screen: chart === 'xmr' && random() < 0.3, rebase: [], n }
	/* Limits begin anew up to five times, also twice in a row. */
	while (n > 8 && c.rebase.length < 5 && random() < 0.4)
		c.rebase.push(1 + below(n - 1))
	c.rebase = [...new Set(c.rebase)].sort((a, b) => a - b)
	if ('pu'.includes(chart[0])) {
		c.size = level.map(() => 50 + below(2000))
		c.x = level.map((l, i) => {
			const rate = Math.min(0.95, Math.max(0.01, 0.3 + l * 0.03))
			return Math.round(rate * c.size[i])
		})
		c.size = c.size.map((s) => (random() < 0.03 ? 0 : s))
		c.x = c.x.map((x, i) => Math.min(x, c.size[i]))
	} else if (chart === 'g' || chart === 't') {
		c.x = level.map((l) => Math.max(0, Math.round(20 + 10 * l)))
	} else {
		c.x = level.map((l) => (whole ? Math.round(100 + 3 * l) : 100 + 3 * l))
	}
	if (!c.size)
		c.x = c.x.map((x) => (random() < 0.03 ? null : x))
	return c
}

/* Centre and limits, as a function of the point, from those of the baseline. */
function limits(c, base) {
	const y = base.map((p) => p.y)
	const ranges = (list) => list.slice(1).map((v, i) => Math.abs(v - list[i]))
	if (c.chart === 'xmr' || c.chart === 't') {
		const m = mean(y)
		let r = mean(ranges(y))
		if (c.screen)
			if (r > 0)
				r = mean(ranges(y).filter((v) => v < 3.267 * r))
		return () => [m, m - 2.66 * r, m + 2.66 * r, m - 2.66 * 2 / 3 * r, m + 2.66 * 2 / 3 * r]
	}
	if (c.chart === 'g') {
		const m = mean(y), s = Math.sqrt(m * (m + 1))
		return () => [0.693 * m, 0, m + 3 * s, 0, m + 2 * s]
	}
	const x = base.reduce((s, p) => s + p.x, 0), all = base.reduce((s, p) => s + p.size, 0)
	const m = x / all, share = c.chart[0] === 'p'
	const clamp = (v) => Math.max(0, share ? Math.min(1, v) : v)
	const sigma = (p) => Math.sqrt((share ? m * (1 - m) : m) / p.size)
	const k = c.chart.endsWith('Prime')
		? mean(ranges(base.map((p) => (p.y - m) / sigma(p)))) / 1.128 : 1
	return (p) => [m, clamp(m - 3 * sigma(p) * k), clamp(m + 3 * sigma(p) * k),
		clamp(m - 2 * sigma(p) * k), clamp(m + 2 * sigma(p) * k)]
}

const windows = (list, size) => list.length < size ? []
	: [...Array(list.length - size + 1)].map((_, i) => list.slice(i, i + size))

function judge(c) {
	const all = c.x.map((x, i) => ({ i, x, size: c.size?.[i], group: c.rebase.filter((r) => i >= r).length }))
	const there = all.filter((p) => p.x !== null && p.size !== 0)
	for (const p of there)
		p.y = c.chart === 't' ? (p.x === 0 ? 0.5 : p.x) ** (1 / 3.6) : c.size ? p.x / p.size : p.x
	for (let g = 0; g <= c.rebase.length; g++) {
		const list = there.filter((p) => p.group === g)
		if (list.length === 0)
			continue
		const at = limits(c, g === 0 && c.freeze ? list.slice(0, c.freeze) : list)
		for (const p of list) {
			[p.m, p.lo, p.hi, p.nlo, p.nhi] = at(p)
			p.side = Math.sign(p.y - p.m) || 0
			p.rules = new Set(p.y > p.hi || p.y < p.lo ? [1] : [])
			p.zone = p.y > p.hi || p.y < p.lo ? 0 : p.y > p.nhi ? 1 : p.y < p.nlo ? -1 : 0
		}
		for (const w of windows(list, 7))
			if (w[0].side && w.every((p) => p.side === w[0].side))
				w.forEach((p) => p.rules.add(8))
		for (const w of windows(list, c.trend)) {
			const ways = w.slice(1).map((p, i) => Math.sign(p.y - w[i].y))
			if (ways[0] && ways.every((v) => v === ways[0]))
				w.forEach((p) => { p.rules.add(2); p.way = ways[0] })
		}
		for (const w of windows(list, 3))
			for (const s of [-1, 1])
				if (w.filter((p) => p.zone === s).length >= 2)
					w.filter((p) => p.zone === s).forEach((p) => p.rules.add(4))
	}
	const flags = all.map((p) => `${[...(p.rules ?? [])].reduce((a, b) => a + b, 0)}:${p.side ?? 0}`)
	const last = there.at(-1)
	const first = [1, 2, 4, 8].find((r) => last.rules.has(r))
	const side = first === undefined ? 0 : first === 2 ? last.way : last.side
	const icon = side === 0 ? 'common-cause' : side > 0 ? 'concern-high' : 'improvement-low'
	return [...flags, icon].join(' ')
}

const cases = []
while (cases.length < Number(count)) {
	const c = invent()
	if (c.x.some((x, i) => x !== null && c.size?.[i] !== 0))
		cases.push(c)
}
const show = (x) => (x === null ? '-' : String(x))
const input = cases.map((c) => [NAMES.indexOf(c.chart), c.trend, c.freeze, c.screen ? 1 : 0,
	c.n, c.rebase.length, ...c.rebase, ...c.x.map(show), ...(c.size ?? [])].join(' ')).join('\n') + '\n'
const run = spawnSync(program, { input, maxBuffer: 1 << 28, encoding: 'utf8' })
if (run.status !== 0) {
	console.error(`${program} ended with ${run.status}`, run.stderr)
	process.exit(1)
}
const said = run.stdout.trim().split('\n')
let bad = 0
const times = [0, 0, 0, 0, 0, 0]
cases.forEach((c) => times[c.rebase.length]++)
const seen = {}
cases.forEach((c, k) => {
	const want = judge(c)
	for (const f of want.split(' '))
		seen[f.split(':')[0]] = (seen[f.split(':')[0]] ?? 0) + 1
	if (want !== said[k]?.trim() && bad++ < 5)
		console.error(`series ${k}`, JSON.stringify(c), `\n  want ${want}\n  said ${said[k]}`)
})
console.log(`${cases.length} series, ${bad} differ; flags seen:`, JSON.stringify(seen),
	'series by times that limits begin anew:', times.join(' '))
process.exit(bad ? 1 : 0)
