/* contract_activity.c - see contract_activity.h. */
#include "server/contract_activity.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "contract/io/prices.h"
#include "contract/show.h"
#include "contract/trace.h"

enum { ARENA = 1 << 30, FEEDS_NAMED = 6 };

/* ---- where it came from ---- */

/* The feeds that count and tell of days of the contract's year. */
static enum hf_rc
name_feeds(struct hf_db *db, const struct hf_ct_terms *t, struct hf_arena *arena,
	   struct hf_sv *out, struct hf_err *err)
{
	struct hf_buf text = {.cap = 1000};
	struct hf_rows rows;
	size_t n = 0;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_POPULATION_FEEDS, HF_ARGS(HF_INT(0)), &rows, err);

	if (rc)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t from = hf_rows_int(&rows, HF_C_POPULATION_FEEDS_FROM),
			to = hf_rows_int(&rows, HF_C_POPULATION_FEEDS_TO);

		if (hf_rows_int(&rows, HF_C_POPULATION_FEEDS_STATE) != 1 ||
		    HF_POP_DAY_ZERO + from > t->to || HF_POP_DAY_ZERO + to <= t->from)
			continue;
		if (n++ < FEEDS_NAMED)
			hf_buf_printf(
			    &text, "%s%lld", n > 1 ? ", " : "feed ",
			    (long long)hf_rows_int(&rows, HF_C_POPULATION_FEEDS_ID));
	}
	rc = hf_rows_end(&rows, err);
	if (n > FEEDS_NAMED)
		hf_buf_printf(&text, " and %zu more", n - FEEDS_NAMED);
	if (n == 0)
		hf_buf_printf(&text, "the record");
	*out = hf_arena_sv(arena, hf_buf_view(&text));
	hf_buf_free(&text);
	return rc;
}

/* ---- whose it is ---- */

/* A store is one place: whoever is registered with a practice on the day is its
 * commissioner's; the commissioner of anybody else is not known here. */
static void
say_commissioner(const struct hf_pop_columns *c, const struct hf_ct_terms *t,
		 struct hf_ct_activity *a, size_t n)
{
	hf_ct_code home = 0;

	hf_ct_code_parse(hf_sv_from(t->parties[HF_CT_COMMISSIONER].orgs[0]), &home);
	for (size_t i = 0; i < n; i++) {
		int32_t day = a[i].day - HF_POP_DAY_ZERO;

		if (day >= 0 && day < HF_POP_NONE &&
		    hf_pop_practice_on(c, c->ev.person[a[i].id], (uint16_t)day))
			a[i].commissioner = home;
	}
}

static void
keep_own(struct hf_contract_activity *x, const struct hf_ct_terms *t)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		if (hf_ct_of_provider(t, &x->a[i]))
			x->a[n++] = x->a[i];
	x->n = n;
}

/* ---- all of it ---- */

static enum hf_rc
price_all(struct hf_contract_activity *x, bool traced, struct hf_err *err)
{
	struct hf_ct_pricer pricer;

	x->p = calloc(x->n + 1, sizeof *x->p);
	if (!x->p)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	hf_ct_pricer_init(&pricer, &x->book, traced ? &x->traces : NULL);
	hf_ct_price_all(&pricer, x->a, x->n, x->p);
	return x->traces.failed
		   ? hf_fail(err, HF_TOO_LONG, NULL, "no memory for the traces")
		   : HF_OK;
}

enum hf_rc
hf_contract_activity(const struct hf_pop_columns *c, struct hf_db *db,
		     const struct hf_ct_terms *t, bool traced,
		     struct hf_contract_activity *out, struct hf_err *err)
{
	enum hf_rc rc;

	*out = (struct hf_contract_activity){.arena = {.cap = ARENA}};
	out->last = HF_POP_DAY_ZERO + c->day_last;
	rc = hf_ct_prices_book(db, &out->arena, &out->book, err);
	if (rc == HF_OK)
		rc = name_feeds(db, t, &out->arena, &out->feeds, err);
	if (rc == HF_OK)
		rc = hf_price_activity(c, (int32_t)t->from, INT32_MAX, &out->a, &out->n,
				       err);
	if (rc)
		return rc;
	keep_own(out, t);
	say_commissioner(c, t, out->a, out->n);
	hf_price_readmissions(c, out->a, out->n);
	return price_all(out, traced, err);
}

void
hf_contract_activity_free(struct hf_contract_activity *x)
{
	free(x->a);
	free(x->p);
	hf_buf_free(&x->traces);
	hf_arena_free(&x->arena);
	*x = (struct hf_contract_activity){0};
}

/* ---- which months ---- */

static enum hf_rc
read_month(const struct hf_ct_terms *t, struct hf_sv text, const char *name, int *out,
	   struct hf_err *err)
{
	struct hf_date d;
	struct hf_period p;

	if (!hf_date_parse(text, false, &d) || d.precision != HF_PREC_MONTH)
		return hf_fail(err, HF_INVALID, name, "a month as 2026-07 is needed");
	p = hf_period_of(hf_london_day(d.lo));
	if (p.fy != t->fy)
		return hf_fail(err, HF_INVALID, name,
			       "the month is not of the contract's year");
	*out = p.period - 1;
	return HF_OK;
}

/* The prices of rows in the contract's year, in the order of their lists. */
static struct hf_sv
origin(struct hf_contract_activity *x, const struct hf_ct_terms *t)
{
	bool used[HF_CT_NO_LIST + 1] = {false};
	struct hf_buf text = {.cap = 2000};
	struct hf_sv out;
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		if (x->p[i].fy == t->fy)
			used[x->p[i].list] = true;
	hf_buf_printf(&text, "%.*s; prices", HF_SV_ARG(x->feeds));
	for (size_t i = 0; i < x->book.n && i < HF_CT_NO_LIST; i++)
		if (used[i] && n++ < FEEDS_NAMED)
			hf_buf_printf(&text, "%s%.*s", n > 1 ? ", " : " ",
				      HF_SV_ARG(x->book.lists[i]->id));
	if (n == 0)
		hf_buf_printf(&text, " none");
	out = hf_arena_sv(&x->arena, hf_buf_view(&text));
	hf_buf_free(&text);
	return out;
}

enum hf_rc
hf_contract_months(struct hf_contract_activity *x, const struct hf_ct_terms *t,
		   struct hf_sv month, struct hf_sv to, struct hf_sv cut,
		   struct hf_ct_fill_ask *out, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	*out = (struct hf_ct_fill_ask){.last = -1, .freeze = hf_sv_is(cut, "freeze")};
	if (cut.n && !out->freeze && !hf_sv_is(cut, "flex"))
		return hf_fail(err, HF_INVALID, "cut", "it is flex or freeze");
	while (out->last < HF_CT_MONTHS - 1 &&
	       hf_period_first(t->fy, out->last + 3) - 1 <= x->last)
		out->last++;
	if (month.n)
		rc = read_month(t, month, "month", &out->first, err);
	if (rc == HF_OK && month.n && !to.n)
		out->last = out->first;
	if (rc == HF_OK && to.n)
		rc = read_month(t, to, "to", &out->last, err);
	if (rc == HF_OK && out->last < out->first)
		rc = hf_fail(err, month.n || to.n ? HF_INVALID : HF_RULE, "to",
			     "no month of the contract has ended in the data yet");
	out->origin = origin(x, t);
	if (rc == HF_OK && !out->origin.p)
		rc = hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	return rc;
}

/* ---- why ---- */

void
hf_contract_steps(const struct hf_contract_activity *x, const struct hf_ct_activity *a,
		  const struct hf_ct_priced *p, struct hf_jw *w)
{
	struct hf_sv rest = hf_sv_from_at(hf_buf_view(&x->traces), p->trace);
	struct hf_buf one = {.cap = 4000};
	struct hf_ct_step step;

	hf_jw_member(w, "steps");
	hf_jw_arr(w);
	while (hf_ct_step_next(&rest, &step)) {
		one.n = 0;
		hf_ct_step_text(&step, &x->book, a, p, &one);
		hf_jw_obj(w);
		hf_ct_text(w, "rule", hf_ct_step_clause(step.code));
		hf_jw_field(w, "text", hf_buf_view(&one));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_buf_free(&one);
}
