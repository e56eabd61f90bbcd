/* cmd_downtime.c - homefirst downtime: pages for when nothing answers (HZ13). */
#include <signal.h>
#include <time.h>

#include "base/io/clock.h"
#include "cli/io/note.h"
#include "hub/io/downtime.h"

HF_COMMAND(hf_cmd_downtime);
const char hf_help_downtime[] =
    "Writes what is open into a folder as pages that can be read with the server "
    "gone,\n"
    "and printed: index.html, hub.html and one for each team, with people, clocks,\n"
    "contacts, risks and plans.  Each page says when it was made and from when on it "
    "is\n"
    "out of date.  The folder is made for its owner alone; one that others may enter "
    "is\n"
    "refused.  It holds names and addresses: put it where it survives this machine, "
    "on\n"
    "an encrypted disk.\n"
    "Each pack is noted in the audit before it is written, as an export is.  With\n"
    "--every it goes on until it is stopped; 'homefirst serve --downtime DIR' does "
    "the\n"
    "same from the server.";

enum { SOONEST_S = 1, LATEST_S = 24 * 3600 };

/* "5m", "30s", "1h" in seconds; false when it is none, or too short or too long. */
static bool
read_every(const char *text, int64_t *seconds)
{
	struct hf_sv s = hf_sv_from(text);
	int64_t n, unit;

	if (s.n < 2 || !hf_sv_int((struct hf_sv){s.p, s.n - 1}, &n) || n < 1 ||
	    n > LATEST_S)
		return false;
	unit = s.p[s.n - 1] == 's'   ? 1
	       : s.p[s.n - 1] == 'm' ? 60
	       : s.p[s.n - 1] == 'h' ? 3600
				     : 0;
	*seconds = n * unit;
	return *seconds >= SOONEST_S && *seconds <= LATEST_S;
}

static int
make(const struct hf_command *cmd, const struct hf_cli_store *where, const char *dir,
     int64_t every_s)
{
	const struct hf_cli_note note = {.what = "downtime"};
	struct hf_downtime_report r;
	struct hf_store *store;
	struct hf_err err = {0};
	char a[32], b[32];
	int status = hf_cli_open_noted(cmd, where, &note, &store);

	if (status != HF_EXIT_DONE)
		return status;
	if (hf_downtime_make(store, dir, hf_now(), (int)((every_s + 59) / 60), &r,
			     &err) != HF_OK) {
		status = hf_cli_fail(cmd, &err);
	} else {
		printf("%s open referrals, %s teams: %s/index.html\n",
		       hf_cli_count((int64_t)r.referrals, a, sizeof a),
		       hf_cli_count((int64_t)r.teams, b, sizeof b), dir);
		fflush(stdout);
	}
	hf_store_close(store);
	return status;
}

/* Again and again; what fails is said, and tried again the next time. */
static int
make_again(const struct hf_command *cmd, const struct hf_cli_store *where,
	   const char *dir, int64_t every_s)
{
	const struct timespec pause = {.tv_sec = (time_t)every_s};
	sigset_t stop;
	int status;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	do
		status = make(cmd, where, dir, every_s);
	while (status != HF_EXIT_MISUSED && sigtimedwait(&stop, NULL, &pause) < 0);
	return status;
}

int
hf_cmd_downtime(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_cli_store where = {0};
	const char *out = NULL, *every = NULL;
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&where),
		{.name = "out", .letter = 'o', .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "the folder for the pages; made when it is not there", .out = &out},
		{.name = "every", .kind = HF_OPT_TEXT, .arg = "TIME",
		 .help = "make it again and again: 5m, 30s, 1h (once)", .out = &every},
	};
	/* clang-format on */
	int first, status;
	int64_t seconds = 0;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (!out)
		return hf_misuse(cmd, "say where to: --out DIR");
	if (every && !read_every(every, &seconds))
		return hf_misuse(cmd, "--every takes 1s to 24h, as 5m");
	return every ? make_again(cmd, &where, out, seconds)
		     : make(cmd, &where, out, 0);
}
