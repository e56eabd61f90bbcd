/* cmd_generate.c - homefirst generate: an invented place, into a store or a file. */
#include "cli/io/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "cli/io/generate_activity.h"
#include "cli/io/play.h"
#include "cli/io/play_case.h"
#include "exchange/io/import.h"
#include "synth/synth.h"

HF_COMMAND(hf_cmd_generate);
const char hf_help_generate[] =
    "Makes an invented English place: a hospital trust, community and mental health\n"
    "services, a council, practices, care homes, and their people with families, "
    "carers\n"
    "and some years of records.  All people are invented; their NHS numbers are of "
    "the\n"
    "range 999, which is never issued.  The same people, seed and options give the "
    "same\n"
    "place to the byte.\n"
    "\n"
    "With --data or --store it goes straight into that store, with --out as NDJSON to "
    "a\n"
    "file or, for -, to standard output.\n"
    "\n"
    "A store for today (--date) also gets the referrals that reached the place's hub "
    "in the\n"
    "last seven days, played until now: 735 for each 300,000 people, and 735 for a "
    "place\n"
    "with fewer, at most one for four people.  About a third of them are open.\n"
    "\n"
    "A store also gets what happened to its people in three years, as a feed of the\n"
    "population: admissions, A&E, outpatients, community, mental health, social care,\n"
    "general practice, with rates like England's.  --activity-only makes that and the\n"
    "organisations alone, for up to 5,000,000 people.  --intervention makes a\n"
    "locality's events fewer or more from a month on:\n"
    "locality=Millgate,from-month=19,effect=-2.8%, or a file with one a line; the\n"
    "changes are effect (emergency admissions), readmissions, falls, los, ae, ucr.";

struct options {
	struct hf_cli_store where;
	const char *out;
	struct hf_synth_config synth;
	const char *date;
	int64_t seed, years;
	int64_t referrals; /* below 0: as many as is usual */
	struct hf_gen_activity activity;
	bool only, none; /* activity only; none at all */
	hf_time now;	 /* of the referrals */
	bool today;
};

/* ---- into a store: by the import ---- */

struct feed {
	const struct hf_synth_place *place;
	struct hf_synth_unit unit;
	int64_t at, units; /* of units, how many are made */
	struct hf_cli_bar bar;
};

enum { CHUNK = 384 << 10, SAMPLE_UNITS = 120, SAMPLE_BYTES = 6 << 20 };

static enum hf_rc
more(void *ctx, struct hf_buf *text, int64_t *done, struct hf_err *err)
{
	struct feed *f = ctx;

	while (text->n < CHUNK && f->at < f->units) {
		enum hf_rc rc = hf_synth_make(f->place, f->at++, &f->unit, err);

		if (rc != HF_OK)
			return rc;
		hf_buf_sv(text, hf_buf_view(&f->unit.text));
		hf_buf_char(text, '\n');
		++*done;
	}
	return text->failed ? hf_fail(err, HF_FAULT, NULL, "out of memory") : HF_OK;
}

/* Units from all over the place, full records among them. */
static enum hf_rc
sample(void *ctx, struct hf_buf *text, struct hf_err *err)
{
	struct feed *f = ctx;
	int64_t orgs = hf_synth_orgs(f->place), all = f->units;
	int64_t step = all / SAMPLE_UNITS + 1;

	for (int64_t i = 0; i < all && text->n < SAMPLE_BYTES; i += step) {
		enum hf_rc rc;
		int64_t at = i;

		for (int64_t k = 0; k < step && at >= orgs && at + 1 < all &&
				    !hf_synth_is_full(f->place, at - orgs);
		     k++)
			at++;
		rc = hf_synth_make(f->place, at, &f->unit, err);
		if (rc != HF_OK)
			return rc;
		hf_buf_sv(text, hf_buf_view(&f->unit.text));
	}
	return text->failed ? hf_fail(err, HF_FAULT, NULL, "out of memory") : HF_OK;
}

static void
draw(void *ctx, const struct hf_import_progress *now)
{
	struct feed *f = ctx;

	hf_cli_bar_draw(&f->bar, "generate", now->bytes, now->bytes_total, "resources",
			now->resources);
}

static void
print_summary(const struct hf_synth_place *place, int64_t people, int64_t resources,
	      double seconds, FILE *to)
{
	char a[32], b[32], c[32];

	fprintf(to, "%s: %s resources of %s people in %.1f s: %s a second\n",
		hf_synth_name(place), hf_cli_count(resources, a, sizeof(a)),
		hf_cli_count(people, b, sizeof(b)), seconds,
		hf_cli_count(seconds > 0 ? (int64_t)((double)resources / seconds) : 0,
			     c, sizeof(c)));
}

static int
into_store(const struct hf_command *cmd, const struct options *o, struct feed *f,
	   struct hf_store *store)
{
	struct hf_arena arena = {.cap = (size_t)1 << 30};
	const struct hf_import_feed feed = {
	    .name = "generate",
	    .total = f->units,
	    .more = more,
	    .sample = sample,
	    .ctx = f,
	};
	const struct hf_import_config config = {
	    .store = store,
	    .feed = &feed,
	    .actor = HF_SV("generate"),
	    .purpose = HF_SV("HTEST"),
	    .progress = draw,
	    .progress_ctx = f,
	};
	struct hf_import_result r;
	struct hf_err err = {0};
	enum hf_rc rc;
	int status = HF_EXIT_DONE;

	hf_cli_bar_new(&f->bar);
	rc = hf_import_run(&config, &arena, &r, &err);
	hf_cli_bar_end(&f->bar);
	if (rc != HF_OK)
		status = hf_cli_fail(cmd, &err);
	else
		print_summary(f->place, o->only ? 0 : o->synth.people,
			      r.created + r.updated + r.unchanged, r.seconds, stdout);
	for (size_t i = 0; i < r.n_reasons; i++)
		fprintf(stderr, "refused: %s\n", r.reasons[i]);
	if (r.refused != 0)
		status = HF_EXIT_FAILED;
	hf_arena_free(&arena);
	return status;
}

/* ---- the hub's week ---- */

static void
print_played(const struct hf_play_result *r)
{
	char a[32], b[32];

	printf("%s referrals, %s moves in %.1f s: %" PRId64 " are open\n",
	       hf_cli_count(r->referrals, a, sizeof(a)),
	       hf_cli_count(r->moves, b, sizeof(b)), r->seconds, r->open);
	if (r->refused > 0)
		fprintf(stderr, "%" PRId64 " moves were not possible, the first: %s\n",
			r->refused, r->reason);
}

static int
play(const struct hf_command *cmd, const struct options *o,
     const struct hf_synth_place *place, struct hf_store *store)
{
	int64_t n = o->referrals >= 0 ? o->referrals
		    : o->today	      ? hf_synth_referrals_usual(o->synth.people)
				      : 0;
	struct hf_synth_referrals *all = NULL;
	struct hf_play_result r;
	struct hf_err err = {0};
	enum hf_rc rc;

	if (n == 0)
		return HF_EXIT_DONE;
	rc = hf_synth_referrals_new(place, n, o->now, &all, &err);
	if (rc == HF_OK)
		rc = hf_play_referrals(store, all, o->now, &r, &err);
	hf_synth_referrals_free(all);
	if (rc != HF_OK)
		return hf_cli_fail(cmd, &err);
	print_played(&r);
	if (o->today) {
		struct hf_case_play cases;

		/* One round for each 5,000 people, three at most. */
		size_t rounds = (size_t)(o->synth.people / 5000) + 1;

		if (hf_play_cases(store, rounds < 3 ? rounds : 3, o->now, &cases,
				  &err) != HF_OK)
			return hf_cli_fail(cmd, &err);
		printf("%zu people on pathways, %zu moves\n", cases.begun, cases.moves);
	}
	return HF_EXIT_DONE;
}

/* ---- as NDJSON ---- */

struct file {
	FILE *to;
	const char *path;
	struct hf_cli_bar bar;
	int64_t resources, units, total;
};

static enum hf_rc
put(void *ctx, int64_t index, const struct hf_synth_unit *unit, struct hf_err *err)
{
	struct file *f = ctx;

	if (fwrite(unit->text.p, 1, unit->text.n, f->to) != unit->text.n)
		return hf_fail(err, HF_FAULT, f->path, "it cannot be written: %s",
			       strerror(errno));
	f->resources += (int64_t)unit->n;
	hf_cli_bar_draw(&f->bar, "generate", index, f->total, "resources",
			f->resources);
	return HF_OK;
}

static int
into_file(const struct hf_command *cmd, const struct options *o,
	  const struct hf_synth_place *place)
{
	struct file f = {.to = stdout, .path = o->out, .total = hf_synth_units(place)};
	struct hf_err err = {0};
	uint64_t begun = hf_mono_ns();
	enum hf_rc rc;

	if (strcmp(o->out, "-") != 0)
		f.to = fopen(o->out, "wx");
	if (f.to == NULL) {
		hf_fail(&err, HF_FORBIDDEN, o->out, "it cannot be made: %s",
			strerror(errno));
		return hf_cli_fail(cmd, &err);
	}
	setvbuf(f.to, NULL, _IOFBF, 1 << 18);
	hf_cli_bar_new(&f.bar);
	rc = hf_synth_run(place, 0, f.total, put, &f, &err);
	hf_cli_bar_end(&f.bar);
	if ((f.to == stdout ? fflush(f.to) : fclose(f.to)) != 0 && rc == HF_OK)
		rc = hf_fail(&err, HF_FAULT, o->out, "it cannot be written: %s",
			     strerror(errno));
	if (rc != HF_OK)
		return hf_cli_fail(cmd, &err);
	print_summary(place, o->synth.people, f.resources,
		      (double)(hf_mono_ns() - begun) / 1e9,
		      f.to == stdout ? stderr : stdout);
	return HF_EXIT_DONE;
}

static int
run(const struct hf_command *cmd, struct options *o)
{
	struct hf_synth_place *place;
	struct feed feed = {0};
	struct hf_store *store;
	struct hf_err err = {0};
	int status;

	if (hf_synth_place_new(&o->synth, &place, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	if (o->out != NULL) {
		status = into_file(cmd, o, place);
	} else {
		feed.place = place;
		feed.units = o->only ? hf_synth_orgs(place) : hf_synth_units(place);
		status = hf_cli_open(cmd, &o->where, HF_CLI_CREATE, &store);
		if (status == HF_EXIT_DONE) {
			status = into_store(cmd, o, &feed, store);
			if (status == HF_EXIT_DONE)
				status = play(cmd, o, place, store);
			if (status == HF_EXIT_DONE && !o->none)
				status =
				    hf_gen_activity(cmd, &o->activity, place, store);
			hf_store_close(store);
		}
		hf_synth_unit_free(&feed.unit);
	}
	hf_synth_place_free(place);
	return status;
}

/* The options of activity; false: *status is how it ends. */
static bool
take_activity(const struct hf_command *cmd, struct options *o, int *status)
{
	struct hf_err err = {0};

	if (o->only && (o->none || o->out != NULL)) {
		*status = hf_misuse(cmd, "activity goes into a store, and not together "
					 "with --no-activity");
		return false;
	}
	if (o->activity.years == 0)
		o->activity.years = o->only && o->years > 0 ? o->years : 3;
	if (o->only) {
		o->synth.nameless = true;
		o->synth.full_records = 0;
		o->synth.rich = 0;
		o->referrals = 0;
	}
	if (hf_gen_interventions(&o->activity, &err) == HF_OK)
		return true;
	*status = hf_cli_fail(cmd, &err);
	return false;
}

int
hf_cmd_generate(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {.synth = hf_synth_defaults(), .referrals = -1};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "out", .letter = 'o', .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "write NDJSON here instead; - is standard output",
		 .out = &o.out},
		{.name = "people", .letter = 'n', .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many people live there (20000)", .out = &o.synth.people,
		 .min = 1, .max = HF_SYNTH_MOST_NAMELESS},
		{.name = "seed", .kind = HF_OPT_NUMBER, .arg = "S",
		 .help = "another number, another place (1)", .out = &o.seed,
		 .min = 0, .max = INT64_MAX},
		{.name = "full", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many have full records, the rest demographics (3000)",
		 .out = &o.synth.full_records, .min = 0, .max = HF_SYNTH_MAX_PEOPLE},
		{.name = "years", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "years of care in a full record (5), or of activity where\n"
			 "there is only that", .out = &o.years,
		 .min = 1, .max = 30},
		{.name = "activity-only", .kind = HF_OPT_FLAG,
		 .help = "organisations and what happened to people, no records",
		 .out = &o.only},
		{.name = "no-activity", .kind = HF_OPT_FLAG,
		 .help = "records only", .out = &o.none},
		{.name = "activity-years", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "whole years of activity before this month (3)",
		 .out = &o.activity.years, .min = 1, .max = 5},
		{.name = "whole", .kind = HF_OPT_FLAG,
		 .help = "every appointment, test and prescription, not a part of them",
		 .out = &o.activity.whole},
		{.name = "intervention", .kind = HF_OPT_TEXT, .arg = "TEXT|FILE",
		 .help = "what is known to have changed, where and since when",
		 .out = &o.activity.intervention},
		{.name = "threads", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "that make activity (as many as there are cores)",
		 .out = &o.activity.threads, .min = 1, .max = 16},
		{.name = "date", .kind = HF_OPT_TEXT, .arg = "YYYY-MM-DD",
		 .help = "the day on which the place is as it is made; what is booked\n"
			 "lies after it, what has happened before (a fixed day)",
		 .out = &o.date},
		{.name = "referrals", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many reached the hub in the last seven days; 0: none",
		 .out = &o.referrals, .min = 0, .max = HF_SYNTH_REFERRALS_MOST},
		{.name = "rich", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many full records are very long (1)", .out = &o.synth.rich,
		 .min = 0, .max = HF_SYNTH_MAX_PEOPLE},
		{.name = "rich-resources", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how long those are", .out = &o.synth.rich_resources,
		 .min = 1, .max = 100000},
	};
	/* clang-format on */
	int first, status;

	o.seed = (int64_t)o.synth.seed;
	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.out != NULL && (o.where.data != NULL || o.where.url != NULL))
		return hf_misuse(cmd, "it goes into a store or to --out, not both");
	if (o.out != NULL && o.referrals > 0)
		return hf_misuse(cmd, "referrals go through the hub into a store, not "
				      "to --out");
	if (o.date != NULL) {
		struct hf_date day;

		if (!hf_date_parse(hf_sv_from(o.date), false, &day) ||
		    day.precision != HF_PREC_DAY)
			return hf_misuse(cmd, "--date takes YYYY-MM-DD, not \"%s\"",
					 o.date);
		o.synth.now = day.lo + 12 * 3600 * 1000;
		o.today = hf_london_day(o.synth.now) == hf_london_day(hf_now());
	}
	if (!take_activity(cmd, &o, &status))
		return status;
	o.now = o.today ? hf_now() : o.synth.now;
	o.synth.seed = (uint64_t)o.seed;
	if (!o.only && o.years > 0)
		o.synth.years = (int)o.years;
	return run(cmd, &o);
}
