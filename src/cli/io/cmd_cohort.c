/* cmd_cohort.c - homefirst cohort: figures about a group of people. */
#include "cli/io/cli.h"

#include <stdio.h>

#include "population/answer.h"
#include "population/io/explore.h"

HF_COMMAND(hf_cmd_cohort);
const char hf_help_cohort[] =
    "Counts persons, or events of them, by up to three dimensions: locality, "
    "practice,\n"
    "age, sex, imd, ethnic, ltcs, segment, frailty, risk, home, carer.  Each further\n"
    "argument DIMENSION=VALUE[,VALUE] is a filter as well.  Small counts are shown as\n"
    "*, others to the nearest 5; docs/interfaces/population.md says how.";

enum { FILTERS_MOST = 64, ANSWER_CAP = 256 << 20 };

struct options {
	struct hf_cli_store where;
	const char *filter, *by, *events, *format, *rule;
	bool monthly;
	char **more; /* filters */
	int n_more;
};

static enum hf_rc
read_ask(const struct options *o, const struct hf_pop_dims *d, struct hf_pop_ask *ask,
	 struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (o->filter)
		rc = hf_pop_ask_filter(d, hf_sv_from(o->filter), ask, err);
	for (int i = 0; rc == HF_OK && i < o->n_more; i++)
		rc = hf_pop_ask_filter(d, hf_sv_from(o->more[i]), ask, err);
	if (rc == HF_OK && o->by)
		rc = hf_pop_ask_by(d, hf_sv_from(o->by), ask, err);
	if (rc == HF_OK && o->events)
		rc = hf_pop_ask_events(hf_sv_from(o->events), ask, err);
	ask->monthly = o->monthly;
	ask->sdc =
	    o->rule && strcmp(o->rule, "hes7") == 0 ? HF_POP_HES7 : HF_POP_STRICT5;
	return rc;
}

static void
print(const struct options *o, const struct hf_pop_view *v,
      const struct hf_pop_ask *ask, const struct hf_pop_answer *a, struct hf_buf *b)
{
	struct hf_jw w = {.out = b};

	if (o->format && strcmp(o->format, "csv") == 0) {
		hf_pop_answer_csv(&v->dims, ask, a, b);
	} else if (o->format && strcmp(o->format, "json") == 0) {
		hf_jw_obj(&w);
		hf_pop_answer_json(&v->dims, ask, a, &w);
		hf_jw_obj_end(&w);
		hf_buf_char(b, '\n');
	} else {
		hf_pop_answer_table(&v->dims, ask, a, b);
	}
	fwrite(b->p, 1, b->n, stdout);
}

static int
run(const struct hf_command *cmd, const struct options *o, struct hf_store *store)
{
	struct hf_arena arena = {.cap = ANSWER_CAP};
	struct hf_pop_ask *ask = HF_NEW(&arena, struct hf_pop_ask);
	struct hf_pop_explorer *x = NULL;
	const struct hf_pop_view *v = NULL;
	struct hf_pop_answer a;
	struct hf_buf b = {0};
	struct hf_err err = {0};
	enum hf_rc rc = hf_pop_explorer_open(store, false, &x, &err);

	if (rc == HF_OK && !ask)
		rc = hf_fail(&err, HF_BUSY, NULL, "out of memory");
	if (rc == HF_OK) {
		v = hf_pop_view_hold(x);
		rc = read_ask(o, &v->dims, ask, &err);
	}
	if (rc == HF_OK)
		rc = hf_pop_view_ask(v, ask, &arena, &a, &err);
	if (rc == HF_OK)
		print(o, v, ask, &a, &b);
	if (x)
		hf_pop_view_release(x, v);
	hf_pop_explorer_close(x);
	hf_buf_free(&b);
	hf_arena_free(&arena);
	if (rc == HF_INVALID)
		return hf_misuse(cmd, "%s: %s", err.path, err.text);
	return rc == HF_OK ? HF_EXIT_DONE : hf_cli_fail(cmd, &err);
}

static bool
is_one_of(const char *s, const char *words)
{
	return !s || hf_sv_among(hf_sv_from(s), words);
}

int
hf_cmd_cohort(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {0};
	const struct hf_opt opts[] = {
	    HF_CLI_STORE_OPTS(&o.where),
	    {.name = "filter",
	     .kind = HF_OPT_TEXT,
	     .arg = "DIM=VALUE[,VALUE]",
	     .help = "persons of these values only",
	     .out = &o.filter},
	    {.name = "by",
	     .kind = HF_OPT_TEXT,
	     .arg = "DIM[,DIM]",
	     .help = "count by these dimensions, at most three",
	     .out = &o.by},
	    {.name = "events",
	     .kind = HF_OPT_TEXT,
	     .arg = "SETTING[,SETTING]",
	     .help = "count events of these settings and their cost: NE, AE, OP …",
	     .out = &o.events},
	    {.name = "monthly",
	     .kind = HF_OPT_FLAG,
	     .help = "events by month",
	     .out = &o.monthly},
	    {.name = "rule",
	     .kind = HF_OPT_TEXT,
	     .arg = "RULE",
	     .help = "strict5 (1 to 4 hidden) or hes7 (1 to 7 hidden)",
	     .out = &o.rule},
	    {.name = "format",
	     .kind = HF_OPT_TEXT,
	     .arg = "FORMAT",
	     .help = "table, csv or json",
	     .out = &o.format},
	};
	struct hf_store *store;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	o.more = argv + first;
	o.n_more = argc - first;
	if (o.n_more > FILTERS_MOST)
		return hf_misuse(cmd, "more than %d filters", FILTERS_MOST);
	if (!is_one_of(o.format, "table csv json"))
		return hf_misuse(cmd, "--format is table, csv or json, not \"%s\"",
				 o.format);
	if (!is_one_of(o.rule, "strict5 hes7"))
		return hf_misuse(cmd, "--rule is strict5 or hes7, not \"%s\"", o.rule);
	status = hf_cli_open(cmd, &o.where, HF_CLI_READ, &store);
	if (status != HF_EXIT_DONE)
		return status;
	status = run(cmd, &o, store);
	hf_store_close(store);
	return status;
}
