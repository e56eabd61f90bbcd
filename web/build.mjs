// Builds the pages: one script, one style sheet, one icon, the HTML page and the
// service worker of the day list, each also compressed, and - with --c - a table of
// them for the server to carry.
//
//   node web/build.mjs --out DIR [--c NAME] [--depfile FILE] [--dev]
//
// Names carry the first 10 hex digits of the content's SHA-256, so that a browser
// may keep them for ever; the page itself is asked for each time by its ETag.
// The same sources give the same bytes: no times and no paths get into the output.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

function options(argv) {
	const given = { out: join(here, "dist"), c: "", depfile: "", dev: false };
	for (let i = 0; i < argv.length; i++) {
		const name = argv[i].replace(/^--/, "");
		if (!(name in given)) throw new Error(`build.mjs: unknown option ${argv[i]}`);
		given[name] = name === "dev" ? true : argv[++i];
	}
	return given;
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function script(dev, entry, define = {}) {
	const built = await esbuild.build({
		entryPoints: [join(here, entry)],
		bundle: true,
		write: false,
		metafile: true,
		minify: !dev,
		format: "iife",
		target: ["es2021"],
		jsx: "automatic",
		absWorkingDir: root,
		define: { "process.env.NODE_ENV": dev ? '"development"' : '"production"', ...define },
		legalComments: "none",
		logLevel: "warning",
		tsconfig: join(here, "tsconfig.json"),
	});
	return {
		bytes: Buffer.from(built.outputFiles[0].contents),
		inputs: Object.keys(built.metafile.inputs).map((f) => resolve(root, f)),
	};
}

function styles(dev) {
	const built = sass.compile(join(here, "src/styles/main.scss"), {
		loadPaths: [join(root, "node_modules")],
		style: dev ? "expanded" : "compressed",
		quietDeps: true,
	});
	return {
		bytes: Buffer.from(built.css.replace(/^\uFEFF/, "")),
		inputs: built.loadedUrls.map((u) => fileURLToPath(u)),
	};
}

// The page's security policy: nothing but this server, no inline script or style.
const types = {
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
	".html": "text/html; charset=utf-8",
};

function cTable(name, out, files) {
	const rows = files.map((f, i) => {
		const sym = `hf_asset_${i}`;
		return { ...f, sym };
	});
	const blob = (sym, path) =>
		`\t.balign 16\n${sym}:\n\t.incbin ${JSON.stringify(path)}\n${sym}_end:\n` +
		`\t.globl ${sym}\n\t.globl ${sym}_end\n`;
	const asm =
		`/* Made by web/build.mjs: the pages' files as they are sent. ${files
			.map((f) => f.hash.slice(0, 10))
			.join(" ")} */\n` +
		`\t.section .rodata\n` +
		rows
			.map((r) => blob(r.sym, r.path) + blob(`${r.sym}_gz`, `${r.path}.gz`))
			.join("") +
		`\t.section .note.GNU-stack,"",%progbits\n`;
	const c =
		`/* Made by web/build.mjs: what the pages consist of. */\n` +
		`#include "server/assets.h"\n\n` +
		rows
			.map(
				(r) =>
					`extern const char ${r.sym}[], ${r.sym}_end[], ` +
					`${r.sym}_gz[], ${r.sym}_gz_end[];`,
			)
			.join("\n") +
		`\n\nconst struct hf_asset hf_assets[] = {\n` +
		rows
			.map(
				(r) =>
					`    {"${r.name}", "${r.type}", "\\"${r.hash.slice(0, 32)}\\"", ` +
					`${r.sym}, ${r.sym}_end,\n     ${r.sym}_gz, ${r.sym}_gz_end},`,
			)
			.join("\n") +
		`\n};\nconst size_t hf_n_assets = ${rows.length};\n`;
	writeFileSync(join(out, `${name}.S`), asm);
	writeFileSync(join(out, `${name}.c`), c);
}

export async function build(given) {
	const out = resolve(given.out);
	const files = join(out, "web-files");
	rmSync(files, { recursive: true, force: true });
	mkdirSync(files, { recursive: true });

	const js = await script(given.dev, "src/main.tsx");
	const css = styles(given.dev);
	const icon = readFileSync(join(here, "icon.svg"));
	const made = [];
	const keep = (bytes, stem, ext, hashed) => {
		const h = hash(bytes);
		const name = hashed ? `${stem}-${h.slice(0, 10)}${ext}` : `${stem}${ext}`;
		const path = join(files, name);
		writeFileSync(path, bytes);
		writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
		made.push({ name, path, hash: h, type: types[ext], size: bytes.length });
		return name;
	};
	const names = {
		js: keep(js.bytes, "pages", ".js", true),
		css: keep(css.bytes, "pages", ".css", true),
		icon: keep(icon, "icon", ".svg", true),
	};
	const page = readFileSync(join(here, "index.html"), "utf8").replace(
		/\{\{(\w+)\}\}/g,
		(_, k) => names[k],
	);
	keep(Buffer.from(page), "index", ".html", false);
	// The worker keeps just these files; other files make another worker.
	const shell = {
		hash: hash(made.map((f) => f.hash).join(" ")).slice(0, 10),
		files: [names.js, names.css, names.icon].map((f) => `/assets/${f}`),
	};
	const worker = await script(given.dev, "src/hub/worker.ts", { SHELL: JSON.stringify(shell) });
	keep(worker.bytes, "sw", ".js", false);
	if (given.c) cTable(given.c, out, made);
	if (given.depfile) {
		const inputs = [
			...js.inputs,
			...worker.inputs,
			...css.inputs,
			join(here, "index.html"),
			join(here, "icon.svg"),
			join(here, "build.mjs"),
		].filter((f) => !f.includes("<"));
		const esc = (f) => f.replace(/ /g, "\\ ");
		writeFileSync(
			given.depfile,
			`${given.c ? `${relative(process.cwd(), join(out, `${given.c}.c`))}` : esc(out)}: ` +
				`${inputs.map(esc).join(" ")}\n`,
		);
	}
	return made;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	try {
		const made = await build(options(process.argv.slice(2)));
		for (const f of made) {
			const gz = readFileSync(`${f.path}.gz`).length;
			console.log(`${f.name}  ${f.size} bytes, ${gz} compressed`);
		}
	} catch (e) {
		console.error(`web: ${e.message}`);
		process.exit(1);
	}
}
