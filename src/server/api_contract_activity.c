/* api_contract_activity.c - the activity behind a figure of a contract, for its
 * parties: row by row, and why a row is worth what it is.
 *
 * A row says what was done and what it is worth, and nothing of who it was: no number
 * of a person, no name, no place, no date of birth, no diagnosis; rows are in the order
 * of days and of their names, which are made of what they are. */
#include "server/contract.h"
#include "server/contract_activity.h"
#include "server/serve.h"
#include "server/sign.h"

#include <sodium.h>
#include <stdlib.h>

void hf_api_contract_activity(struct hf_call *call);
void hf_api_contract_event(struct hf_call *call);

enum { ROWS_SHOWN = 50, ROWS_MOST = 500, NAME_BYTES = 8 };

struct ask {
	struct hf_contract_ask a;
	struct hf_sv line, month, event; /* event: of one row */
	int64_t from, limit;
	struct hf_contract_activity x;
	int at, m; /* line and month, from 0 */
	enum hf_rc rc;
	struct hf_err err;
};

static struct ask *
new_ask(struct hf_call *c)
{
	struct ask *x = HF_NEW(c->arena, struct ask);
	struct hf_err err;

	if (!x) {
		hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
		hf_api_fail(c, &err);
	}
	return x;
}

/* ---- the rows of a figure ---- */

struct shown {
	const struct hf_ct_activity *a;
	const struct hf_ct_priced *p;
	uint8_t digest[HF_CT_DIGEST];
	uint32_t twin; /* 1 for the second of rows that are the same in all */
};

static int
by_day_and_name(const void *l, const void *r)
{
	const struct shown *a = l, *b = r;

	if (a->a->day != b->a->day)
		return a->a->day < b->a->day ? -1 : 1;
	return memcmp(a->digest, b->digest, HF_CT_DIGEST);
}

static bool
is_of(const struct ask *x, size_t i)
{
	const struct hf_ct_terms *t = x->a.terms;
	const struct hf_ct_priced *p = &x->x.p[i];

	if (p->fy != t->fy || p->period != x->m + 1 || x->x.a[i].day > t->to ||
	    p->problem != HF_CT_P_NONE)
		return false;
	return t->lines[x->at].after != HF_CT_AFTER_NONE
		   ? hf_ct_assign(t, &x->x.a[i], p) != HF_CT_NO_LINE &&
			 hf_ct_readmits(&t->lines[x->at], &x->x.a[i])
		   : hf_ct_assign(t, &x->x.a[i], p) == x->at;
}

/* The rows of x->at and x->m in the order they are shown in. */
static enum hf_rc
collect(struct ask *x, struct shown **out, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < x->x.n; i++)
		*n += is_of(x, i);
	*out = hf_arena_array(&x->x.arena, *n + 1, sizeof **out);
	if (!*out)
		return hf_fail(&x->err, HF_TOO_LONG, NULL, "there are too many rows");
	*n = 0;
	for (size_t i = 0; i < x->x.n; i++) {
		struct shown *s = &(*out)[*n];

		if (!is_of(x, i))
			continue;
		*s = (struct shown){.a = &x->x.a[i], .p = &x->x.p[i]};
		hf_ct_row_digest(s->a, s->p, s->digest);
		(*n)++;
	}
	qsort(*out, *n, sizeof **out, by_day_and_name);
	for (size_t i = 1; i < *n; i++)
		if (by_day_and_name(&(*out)[i - 1], &(*out)[i]) == 0)
			(*out)[i].twin = (*out)[i - 1].twin + 1;
	return HF_OK;
}

/* "2026-07-1f2e3d4c5b6a7988", and "-2" for its twin. */
static void
name_of(const struct ask *x, const struct shown *s, char out[HF_CT_ROW_NAME])
{
	char month[16], hex[NAME_BYTES * 2 + 1];

	hf_ct_month_text(x->a.terms->fy, x->m, month, sizeof month);
	sodium_bin2hex(hex, sizeof hex, s->digest, NAME_BYTES);
	if (s->twin)
		snprintf(out, HF_CT_ROW_NAME, "%.7s-%s-%u", month, hex,
			 (s->twin + 1) % 100);
	else
		snprintf(out, HF_CT_ROW_NAME, "%.7s-%s", month, hex);
}

static void
put_code(struct hf_jw *w, const char *name, hf_ct_code code)
{
	char text[HF_CT_CODE_TEXT];

	if (code)
		hf_ct_text(w, name, hf_ct_code_text(code, text));
}

static void
put_row(struct hf_jw *w, const struct ask *x, const struct shown *s)
{
	char text[HF_CT_ROW_NAME];

	name_of(x, s, text);
	hf_ct_text(w, "event", text);
	hf_ct_text(w, "day", hf_ct_day_text(s->a->day, text, sizeof text));
	put_code(w, "hrg", s->a->hrg);
	put_code(w, "specialty", s->a->specialty);
	put_code(w, "provider", s->a->provider);
	hf_ct_text(w, "pod", hf_ct_pod_code(s->p->pod));
	hf_ct_text(w, "podTitle", hf_ct_pod_text(s->p->pod));
	hf_ct_int(w, "pence", s->p->value);
	if (s->p->excess)
		hf_ct_int(w, "excessDays", s->p->excess);
}

static enum hf_rc
find_cell(struct ask *x)
{
	const struct hf_ct_terms *t = x->a.terms;
	int64_t m = 0;

	x->at = hf_ct_line_find(t, x->line);
	if (x->at < 0)
		return hf_fail(&x->err, HF_NOT_FOUND, "line", "there is no such line");
	if (!t->lines[x->at].select && t->lines[x->at].after == HF_CT_AFTER_NONE)
		return hf_fail(&x->err, HF_NOT_FOUND, "line",
			       "the contract says no activity of this line");
	if (!hf_sv_int(x->month, &m) || m < 1 || m > HF_CT_MONTHS)
		return hf_fail(&x->err, HF_INVALID, "month",
			       "a month is 1 (April) to 12");
	x->m = (int)m - 1;
	return HF_OK;
}

/* In a thread of the pool. */
static void
price(struct hf_call *c, void *ctx)
{
	struct ask *x = ctx;

	x->rc =
	    hf_contract_activity_now(c, x->a.terms, x->event.p != NULL, &x->x, &x->err);
}

static void
put_rows(struct hf_call *c, struct ask *x, const struct shown *rows, size_t n)
{
	hf_pence sum = 0;
	struct hf_jw w;
	char text[HF_MONEY_TEXT];

	for (size_t i = 0; i < n; i++)
		sum += rows[i].p->value;
	c->audit_hits = (int64_t)n;
	hf_api_begin(c, &w);
	hf_ct_text(&w, "line", x->a.terms->lines[x->at].id);
	hf_ct_text(&w, "title", x->a.terms->lines[x->at].title);
	hf_ct_int(&w, "month", x->m + 1);
	hf_ct_text(&w, "period",
		   hf_ct_month_text(x->a.terms->fy, x->m, text, sizeof text));
	hf_jw_field(&w, "feeds", x->x.feeds);
	hf_ct_int(&w, "count", (int64_t)n);
	hf_ct_int(&w, "pence", sum);
	hf_ct_int(&w, "from", x->from);
	hf_jw_member(&w, "rows");
	hf_jw_arr(&w);
	for (size_t i = (size_t)x->from;
	     i < n && i < (size_t)x->from + (size_t)x->limit; i++) {
		hf_jw_obj(&w);
		put_row(&w, x, &rows[i]);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	if (x->from + x->limit < (int64_t)n) {
		snprintf(text, sizeof text, "%lld", (long long)(x->from + x->limit));
		hf_ct_text(&w, "next", text);
	}
}

static void
answer_rows(struct hf_call *c, void *ctx)
{
	struct ask *x = ctx;
	struct shown *rows;
	size_t n;

	if (x->rc == HF_OK)
		x->rc = collect(x, &rows, &n);
	if (x->rc == HF_OK)
		put_rows(c, x, rows, n);
	hf_contract_activity_free(&x->x);
	if (x->rc)
		hf_api_fail(c, &x->err);
	else
		hf_api_end(c);
}

static bool
take_number(struct hf_call *c, const char *name, int64_t least, int64_t most,
	    int64_t *out)
{
	struct hf_sv text = hf_call_take_param(c, hf_sv_from(name));
	struct hf_err err;

	if (!text.p || (hf_sv_int(text, out) && *out >= least && *out <= most))
		return true;
	hf_fail(&err, HF_INVALID, name, "a number from %lld to %lld", (long long)least,
		(long long)most);
	hf_api_fail(c, &err);
	return false;
}

void
hf_api_contract_activity(struct hf_call *c)
{
	struct ask *x = new_ask(c);

	if (!x)
		return;
	x->line = hf_call_take_param(c, HF_SV("line"));
	x->month = hf_call_take_param(c, HF_SV("month"));
	x->limit = ROWS_SHOWN;
	if (!take_number(c, "from", 0, 100000000, &x->from) ||
	    !take_number(c, "limit", 1, ROWS_MOST, &x->limit) || !hf_api_no_params(c) ||
	    !hf_contract_begin_terms(c, &x->a))
		return;
	if (find_cell(x))
		hf_api_fail(c, &x->err);
	else
		hf_call_work(c, c->server->sign->desk, price, answer_rows, hf_api_fail,
			     x);
}

/* ---- one of them ---- */

static enum hf_rc
put_event(struct hf_call *c, struct ask *x, const struct shown *rows, size_t n)
{
	char name[HF_CT_ROW_NAME];
	struct hf_jw w;

	for (size_t i = 0; i < n; i++) {
		const struct hf_ct_list *list;

		name_of(x, &rows[i], name);
		if (!hf_sv_eq(x->event, hf_sv_from(name)))
			continue;
		list = rows[i].p->list < x->x.book.n ? x->x.book.lists[rows[i].p->list]
						     : NULL;
		hf_api_begin(c, &w);
		put_row(&w, x, &rows[i]);
		hf_ct_text(&w, "line", x->a.terms->lines[x->at].id);
		hf_ct_text(&w, "lineTitle", x->a.terms->lines[x->at].title);
		if (list)
			hf_jw_field(&w, "prices", list->id);
		hf_contract_steps(&x->x, rows[i].a, rows[i].p, &w);
		return HF_OK;
	}
	return hf_fail(&x->err, HF_NOT_FOUND, "event",
		       "no row of this line and month has this name now");
}

static void
answer_event(struct hf_call *c, void *ctx)
{
	struct ask *x = ctx;
	struct shown *rows;
	size_t n;

	if (x->rc == HF_OK)
		x->rc = collect(x, &rows, &n);
	if (x->rc == HF_OK)
		x->rc = put_event(c, x, rows, n);
	hf_contract_activity_free(&x->x);
	if (x->rc)
		hf_api_fail(c, &x->err);
	else
		hf_api_end(c);
}

void
hf_api_contract_event(struct hf_call *c)
{
	struct ask *x = new_ask(c);

	if (!x)
		return;
	x->line = hf_call_take_param(c, HF_SV("line"));
	x->month = hf_call_take_param(c, HF_SV("month"));
	if (!hf_api_no_params(c) || !hf_contract_begin_terms(c, &x->a))
		return;
	x->event = c->arg[1];
	if (find_cell(x))
		hf_api_fail(c, &x->err);
	else
		hf_call_work(c, c->server->sign->desk, price, answer_event, hf_api_fail,
			     x);
}
