/* rate_epitools.mjs - intervals and standardised rates against R and its epitools (Debian
 * r-cran-epitools); skipped where it is not installed.
 *
 * usage: node rate_epitools.mjs PROGRAM */
import { spawnSync } from 'node:child_process'

const program = process.argv[2]
const there = spawnSync('Rscript', ['-e', 'suppressMessages(library(epitools)); cat("yes")'],
	{ encoding: 'utf8' })
if (there.status !== 0 || !there.stdout?.endsWith('yes')) {
	console.log('skipped: Rscript with epitools is not installed')
	process.exit(77)
}
const counts = [0, 1, 4, 9, 10, 12, 65, 450, 1045, 123456]
const shares = [[0, 20], [1, 20], [20, 20], [168, 1200], [84, 120], [5, 100000]]
const a = { events: [300, 240, 1800, 900, 1050, 610], people: [3000, 8000, 30000, 5000, 3000, 1000] }
const weights = [5000, 14300, 61200, 10500, 6500, 2500]
const asked = [], r = []
for (const x of counts)
	for (const level of [0.9, 0.95, 0.998]) {
		asked.push(`exact ${x} ${level}`)
		r.push(`i <- poisson.test(${x}, conf.level = ${level})$conf.int; say(${x}, i[1], i[2])`)
	}
for (const [x, n] of shares) {
	asked.push(`wilson ${x} ${n} 0.95`)
	r.push(`i <- binom.wilson(${x}, ${n}); say(${x / n}, i$lower, i$upper)`)
}
asked.push(`dsr 6 ${a.events.map((e, i) => `${e} ${a.people[i]} ${weights[i]}`).join(' ')}`)
r.push(`i <- ageadjust.direct(c(${a.events}), c(${a.people}), stdpop = c(${weights}));
	say(i["adj.rate"], NA, NA)`)
const script = `suppressMessages(library(epitools))
say <- function(...) cat(sprintf("%.12g", c(...)), "\\n")
${r.join('\n')}`
const run = (command, args, input) => {
	const p = spawnSync(command, args, { input, encoding: 'utf8' })
	if (p.status !== 0) {
		console.error(p.stderr)
		process.exit(1)
	}
	return p.stdout.trim().split('\n').map((l) => l.trim().split(/\s+/).map(Number))
}
const ours = run(program, [], asked.join('\n') + '\n')
const theirs = run('Rscript', ['-'], script)
let bad = 0
asked.forEach((what, k) => theirs[k].forEach((want, j) => {
	if (Number.isNaN(want))
		return
	/* Wilson of epitools is the same formula, ageadjust.direct gives the rate. */
	if (!(Math.abs(ours[k][j] - want) <= 1e-5 * Math.max(1, Math.abs(want)))) {
		bad++
		console.error(`${what}: ${ours[k]} here, ${theirs[k]} there`)
	}
}))
console.log(`${asked.length} compared, ${bad} differ`)
process.exit(bad ? 1 : 0)
