/* cli.c - see cli.h. */
#include "cli/io/cli.h"

#include <dirent.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/io/clock.h"

int
hf_cli_fail(const struct hf_command *cmd, const struct hf_err *err)
{
	fprintf(stderr, "homefirst %s: %s%s%s\n", cmd->name, err->path,
		err->path[0] ? ": " : "",
		err->text[0] ? err->text : hf_rc_text(err->rc));
	return HF_EXIT_FAILED;
}

/* Holds the folder something that is no store?  A new file system has lost+found, a
 * server on PostgreSQL leaves its audit. */
static bool
is_foreign(const char *data)
{
	static const char *const fine[] = {
	    ".", "..", "lost+found", "lock", "audit", ".whole", "keys", "control.sock"};
	DIR *dir = opendir(data);
	const struct dirent *e;
	bool store = false, other = false;

	while (dir && (e = readdir(dir)) != NULL) {
		bool known = false;

		for (size_t i = 0; i < HF_COUNT(fine); i++)
			known = known || strcmp(e->d_name, fine[i]) == 0;
		store = store || strcmp(e->d_name, "homefirst.db") == 0;
		other = other || !known;
	}
	if (dir)
		closedir(dir);
	return other && !store;
}

static bool
is_url(const char *text)
{
	struct hf_sv s = hf_sv_from(text);

	return hf_sv_starts(s, HF_SV("postgresql://")) ||
	       hf_sv_starts(s, HF_SV("postgres://"));
}

int
hf_cli_check_url(const struct hf_command *cmd, const char *url)
{
	if (url == NULL || is_url(url))
		return HF_EXIT_DONE;
	return hf_misuse(cmd, "--store takes postgresql://USER@HOST/NAME; a folder is "
			      "named with --data DIR");
}

int
hf_cli_open(const struct hf_command *cmd, const struct hf_cli_store *where,
	    enum hf_cli_open how, struct hf_store **out)
{
	struct hf_store_config config = {
	    .data = where->data,
	    .url = where->url,
	    .create = how == HF_CLI_CREATE,
	    .read_only = how == HF_CLI_READ,
	    .cache_bytes = (size_t)where->cache_mb << 20,
	};
	struct hf_err err = {0};

	if ((where->data == NULL) == (where->url == NULL))
		return hf_misuse(cmd, "say which store: --data DIR or --store URL%s",
				 where->data ? ", not both" : "");
	if (hf_cli_check_url(cmd, where->url) != HF_EXIT_DONE)
		return HF_EXIT_MISUSED;
	if (config.create && where->data && is_foreign(where->data)) {
		hf_fail(&err, HF_EXISTS, where->data,
			"this folder holds other things than a store: name an empty "
			"or a new one");
		return hf_cli_fail(cmd, &err);
	}
	if (hf_store_open(&config, out, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	return HF_EXIT_DONE;
}

const char *
hf_cli_count(int64_t v, char *buf, size_t size)
{
	char digits[24];
	size_t n, at = 0;

	n = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)v);
	assert(size > n + n / 3 + 1);
	for (size_t i = 0; i < n; i++) {
		buf[at++] = digits[i];
		if (digits[i] != '-' && i + 1 < n && (n - i - 1) % 3 == 0)
			buf[at++] = ',';
	}
	buf[at] = 0;
	return buf;
}

const char *
hf_cli_bytes(int64_t v, char *buf, size_t size)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	double d = (double)v;
	size_t u = 0;

	while (d >= 1000 && u + 1 < HF_COUNT(units)) {
		d /= 1000;
		u++;
	}
	snprintf(buf, size, u == 0 ? "%.0f %s" : "%.1f %s", d, units[u]);
	return buf;
}

void
hf_cli_bar_new(struct hf_cli_bar *bar)
{
	struct winsize w;

	*bar = (struct hf_cli_bar){.on = isatty(STDERR_FILENO) == 1, .width = 80};
	bar->begun = hf_mono_ns();
	if (bar->on && ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 20)
		bar->width = w.ws_col;
}

void
hf_cli_bar_draw(struct hf_cli_bar *bar, const char *what, int64_t done, int64_t total,
		const char *unit, int64_t count)
{
	enum { CELLS = 24 };
	char cells[CELLS + 1], text[160], num[32], rate[32];
	uint64_t now = hf_mono_ns();
	double s = (double)(now - bar->begun) / 1e9;
	int filled = total > 0 ? (int)((double)done / (double)total * CELLS) : 0;

	if (!bar->on || (bar->drawn != 0 && now - bar->drawn < 100000000u))
		return;
	bar->drawn = now;
	if (filled > CELLS)
		filled = CELLS;
	memset(cells, '.', CELLS);
	memset(cells, '#', (size_t)filled);
	cells[CELLS] = 0;
	hf_cli_count(count, num, sizeof(num));
	hf_cli_count(s > 0.2 ? (int64_t)((double)count / s) : 0, rate, sizeof(rate));
	if (total > 0)
		snprintf(text, sizeof(text), "%s [%s] %3.0f %%  %s %s, %s/s", what,
			 cells, (double)done / (double)total * 100, num, unit, rate);
	else
		snprintf(text, sizeof(text), "%s  %s %s, %s/s", what, num, unit, rate);
	fprintf(stderr, "\r%.*s\033[K", bar->width - 1, text);
}

void
hf_cli_bar_end(struct hf_cli_bar *bar)
{
	if (bar->on && bar->drawn != 0)
		fputs("\r\033[K", stderr);
	bar->drawn = 0;
}
