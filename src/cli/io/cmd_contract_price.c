/* cmd_contract_price.c - homefirst contract price: activity of a file priced, as
 * totals, as lines, or one line with its trace. */
#include "cli/io/cmd_contract_price.h"

#include <errno.h>

#include "contract/activity_read.h"
#include "base/time.h"
#include "contract/io/prices.h"
#include "population/io/live.h"
#include "record/io/desk.h"
#include "server/price_activity.h"

enum {
	LISTS = 1 << 30, /* bytes for price lists */
	INPUT = 2000 << 20,
	TOLD = 20 /* wrong rows told one by one */
};

int
hf_cli_format(const struct hf_command *cmd, const char *word, enum hf_cli_format *out)
{
	static const char *const words[] = {"table", "csv", "json"};

	*out = HF_CLI_TABLE;
	for (size_t i = 0; word && i < HF_COUNT(words); i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*out = (enum hf_cli_format)i;
		return HF_EXIT_DONE;
	}
	return word ? hf_misuse(cmd, "--format takes table, csv or json")
		    : HF_EXIT_DONE;
}

/* ---- what is read ---- */

/* The list asked for: of the store, or the one of the program beside them. */
static enum hf_rc
choose_list(const char *id, struct hf_cli_priced *w, struct hf_err *err)
{
	struct hf_ct_list *own;
	enum hf_rc rc;

	w->only = hf_ct_price_book_find(&w->book, hf_sv_from(id));
	if (w->only)
		return HF_OK;
	rc = hf_ct_list_builtin(&w->lists, &own, err);
	if (rc == HF_OK && hf_sv_eq(own->id, hf_sv_from(id))) {
		w->book = (struct hf_ct_price_book){.lists = {own}, .n = 1};
		w->only = own;
		return HF_OK;
	}
	return hf_fail(err, HF_NOT_FOUND, "--list", "there is no price list %.40s", id);
}

static enum hf_rc
read_lists(struct hf_store *store, struct hf_cli_priced *w, struct hf_err *err)
{
	struct hf_reader *reader = NULL;
	enum hf_rc rc = store ? hf_reader_get(store, &reader, err) : HF_OK;

	if (rc == HF_OK)
		rc = hf_ct_prices_book(reader ? hf_reader_db(reader) : NULL, &w->lists,
				       &w->book, err);
	if (reader)
		hf_reader_put(reader);
	return rc;
}

static bool
day_of(const char *text, int32_t blank, int32_t *out)
{
	struct hf_date d;

	*out = blank;
	if (!text)
		return true;
	if (!hf_date_parse(hf_sv_from(text), false, &d) || d.precision != HF_PREC_DAY)
		return false;
	*out = (int32_t)hf_london_day(d.lo);
	return true;
}

/* The activity that the store's feeds and records tell of. */
static enum hf_rc
read_population(struct hf_store *store, const struct hf_cli_price_ask *q,
		struct hf_cli_priced *w, struct hf_err *err)
{
	struct hf_pop_live *live = NULL;
	const struct hf_pop_columns *c;
	int32_t from, to;
	enum hf_rc rc;

	if (!day_of(q->from, INT32_MIN, &from) || !day_of(q->to, INT32_MAX, &to))
		return hf_fail(err, HF_INVALID, "--from, --to",
			       "takes a day as YYYY-MM-DD");
	rc = hf_pop_live_open(store, false, &live, err);
	if (rc != HF_OK)
		return rc;
	c = hf_pop_hold(live);
	if (c) {
		rc = hf_price_activity(c, from, to, &w->a, &w->n, err);
		hf_pop_release(live, c);
	}
	hf_pop_live_close(live);
	return rc;
}

static enum hf_rc
read_input(const char *path, struct hf_cli_priced *w, struct hf_err *err)
{
	bool from_stdin = strcmp(path, "-") == 0;
	FILE *f = from_stdin ? stdin : fopen(path, "re");
	size_t got = 1;

	if (!f)
		return hf_fail(err, HF_NOT_FOUND, path, "%s", strerror(errno));
	w->text.cap = INPUT;
	while (got) {
		char *room = hf_buf_room(&w->text, 1 << 20);

		got = room ? fread(room, 1, 1 << 20, f) : 0;
		w->text.n += got;
	}
	if (!from_stdin)
		fclose(f);
	return w->text.failed ? hf_fail(err, HF_TOO_LONG, path,
					"it is larger than %d MB", INPUT >> 20)
			      : HF_OK;
}

static bool
room_for_one(struct hf_cli_priced *w)
{
	struct hf_ct_activity *more;
	size_t size = w->size ? w->size * 2 : 4096;

	if (w->n < w->size)
		return true;
	more = realloc(w->a, size * sizeof *more);
	if (!more)
		return false;
	w->a = more;
	w->size = size;
	return true;
}

static enum hf_rc
read_activity(const struct hf_command *cmd, struct hf_cli_priced *w, struct hf_err *err)
{
	struct hf_ct_activity_reader reader;
	enum hf_rc rc =
	    hf_ct_activity_begin(&reader, hf_buf_view(&w->text), &w->row, err);

	while (rc == HF_OK) {
		if (!room_for_one(w))
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
		rc = hf_ct_activity_next(&reader, &w->a[w->n], err);
		if (rc == HF_NOT_FOUND)
			return HF_OK;
		if (rc == HF_OK) {
			w->n++;
			continue;
		}
		if (w->wrong++ < TOLD)
			fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, err->path,
				err->text);
		rc = HF_OK;
	}
	return rc;
}

static enum hf_rc
price(struct hf_cli_priced *w, bool traced, struct hf_err *err)
{
	w->out = calloc(w->n + 1, sizeof *w->out);
	if (!w->out)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	hf_ct_pricer_init(&w->pricer, &w->book, traced ? &w->traces : NULL);
	if (w->only)
		hf_ct_pricer_only(&w->pricer, w->only);
	hf_ct_price_all(&w->pricer, w->a, w->n, w->out);
	if (w->traces.failed)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the traces");
	return hf_ct_total(w->out, w->n, &w->lists, &w->totals, err);
}

static enum hf_rc
work(const struct hf_command *cmd, const struct hf_cli_price_ask *q,
     struct hf_store *store, struct hf_cli_priced *w, struct hf_err *err)
{
	enum hf_rc rc = read_lists(store, w, err);

	if (rc == HF_OK && q->list)
		rc = choose_list(q->list, w, err);
	if (rc == HF_OK && !q->input)
		rc = read_population(store, q, w, err);
	if (rc == HF_OK && q->input)
		rc = read_input(q->input, w, err);
	if (rc == HF_OK && q->input)
		rc = read_activity(cmd, w, err);
	return rc == HF_OK ? price(w, q->trace != NULL, err) : rc;
}

static int
run(const struct hf_command *cmd, const struct hf_cli_price_ask *q)
{
	struct hf_cli_priced *w = calloc(1, sizeof *w);
	struct hf_store *store = NULL;
	struct hf_err err = {0};
	int status = HF_EXIT_DONE;

	if (q->where.data || q->where.url)
		status = hf_cli_open(cmd, &q->where, HF_CLI_READ, &store);
	if (!w || status != HF_EXIT_DONE) {
		free(w);
		return HF_EXIT_FAILED;
	}
	w->lists.cap = LISTS;
	w->row.cap = 1 << 20;
	status = work(cmd, q, store, w, &err) == HF_OK ? hf_cli_price_show(cmd, q, w)
						       : hf_cli_fail(cmd, &err);
	if (status == HF_EXIT_DONE && w->wrong)
		status = HF_EXIT_FAILED;
	hf_store_close(store);
	free(w->a);
	free(w->out);
	hf_buf_free(&w->text);
	hf_buf_free(&w->traces);
	hf_arena_free(&w->lists);
	hf_arena_free(&w->row);
	free(w);
	return status;
}

int
hf_cli_price(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_cli_price_ask q = {0};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&q.where),
		{.name = "input", .letter = 'i', .kind = HF_OPT_TEXT, .arg = "FILE.csv",
		 .help = "activity, one row a thing done; - is standard input; without\n"
			 "it, the activity of the store",
		 .out = &q.input},
		{.name = "list", .letter = 'l', .kind = HF_OPT_TEXT, .arg = "ID",
		 .help = "price all of it by this list, whatever the date", .out = &q.list},
		{.name = "from", .kind = HF_OPT_TEXT, .arg = "DAY",
		 .help = "of the store's activity: the first day of an end", .out = &q.from},
		{.name = "to", .kind = HF_OPT_TEXT, .arg = "DAY",
		 .help = "the day after the last", .out = &q.to},
		{.name = "format", .letter = 'f', .kind = HF_OPT_TEXT, .arg = "FORMAT",
		 .help = "table: totals; csv: a line a row; json: totals; fhir:\n"
			 "an Invoice a month, with --trace a ChargeItem", .out = &q.format},
		{.name = "trace", .letter = 't', .kind = HF_OPT_TEXT, .arg = "ID",
		 .help = "tell why the row of this id is worth what it is",
		 .out = &q.trace},
	};
	/* clang-format on */
	int first, status = HF_EXIT_DONE;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	status = HF_EXIT_DONE;
	if (q.format && strcmp(q.format, "fhir") == 0)
		q.how = HF_CLI_FHIR;
	else
		status = hf_cli_format(cmd, q.format, &q.how);
	if (status != HF_EXIT_DONE)
		return status;
	if (!q.input && !q.where.data && !q.where.url)
		return hf_misuse(cmd,
				 "say what to price: --input FILE.csv, or the store "
				 "with --data DIR or --store URL");
	return run(cmd, &q);
}
