/* api_marks.c - /api/population/measures/{id}/marks: what people write at a point of a
 * chart, limits that begin anew, limits that are frozen.  docs/interfaces/measures.md.
 *
 * Whether limits may begin anew is judged on the chart as the caller sees it: disclosed
 * figures, with the marks that stand. */
#include "population/io/mark_keep.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/measures.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/work.h"

void hf_api_marks(struct hf_call *call);
void hf_api_mark_add(struct hf_call *call);
void hf_api_mark_change(struct hf_call *call);

enum { WORD = 24, AREA = 80 };

struct marking {
	struct hf_need_by by;
	struct hf_pop_mark mark, kept;
	uint32_t seen;
	enum hf_rc rc;
	struct hf_err err;
};

/* Analysts write on charts; who looks at them does not. */
static bool
may_mark(const struct hf_call *c)
{
	return c->actor->kind == HF_ACTOR_TRIAL ||
	       (c->actor->kind == HF_ACTOR_PERSON &&
		c->actor->group == HF_GROUP_ANALYST);
}

static enum hf_rc
find_measure(struct hf_call *c, int *k, struct hf_err *err)
{
	*k = hf_pop_framework_find(hf_outcomes_framework(c->server->outcomes),
				   c->arg[0]);
	return *k >= 0
		   ? HF_OK
		   : hf_fail(err, HF_NOT_FOUND, "id", "there is no measure of this id");
}

/* ---- GET ---- */

void
hf_api_marks(struct hf_call *c)
{
	struct hf_pop_marks marks;
	struct hf_err err;
	struct hf_jw w;
	int k;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	c->audit_id = c->arg[0];
	rc = find_measure(c, &k, &err);
	if (rc == HF_OK)
		rc = hf_pop_marks_read(c->reader, c->arg[0], true, c->arena, &marks,
				       &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_key(&w, HF_SV("mayMark"));
	hf_jw_bool(&w, may_mark(c));
	hf_jw_member(&w, "marks");
	hf_jw_arr(&w);
	for (size_t i = 0; i < marks.n; i++)
		hf_pop_mark_json(&marks.items[i], &w);
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

/* ---- writing ---- */

static void
keep(struct hf_call *c, void *ctx)
{
	struct marking *m = ctx;

	m->rc = hf_pop_mark_keep(c->store, &m->by, &m->mark, m->seen, c->arena,
				 &m->kept, &m->err);
}

static void
kept(struct hf_call *c, void *ctx)
{
	struct marking *m = ctx;
	struct hf_jw w;

	if (m->rc) {
		hf_api_fail(c, &m->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "mark");
	hf_pop_mark_json(&m->kept, &w);
	hf_api_end(c);
}

static void
start(struct hf_call *c, struct marking *m)
{
	m->by = (struct hf_need_by){
	    .actor = c->actor->id,
	    .org = c->actor->org.p ? c->actor->org : HF_SV(""),
	    .purpose = c->actor->purpose,
	    .trace = hf_call_trace(c),
	};
	m->mark.said_by = m->by.actor;
	m->mark.name = c->actor->name.p ? c->actor->name : HF_SV("");
	m->mark.org = m->by.org;
	hf_call_work(c, c->server->sign->desk, keep, kept, hf_api_fail, m);
}

static enum hf_rc
read_word(struct hf_sv text, const char *name, const char *const *words, unsigned n,
	  unsigned *out, struct hf_err *err)
{
	for (*out = 0; *out < n; ++*out)
		if (hf_sv_eq(text, hf_sv_from(words[*out])))
			return HF_OK;
	return hf_fail(err, HF_INVALID, name, "%s",
		       n == HF_POP_MARK_KINDS && *words[0]
			   ? "expected note, rebase or freeze"
			   : "expected shift or process");
}

/* What is asked, with the question that draws the chart it is about. */
static enum hf_rc
read_ask(struct hf_call *c, struct marking *m, struct hf_pop_question *q,
	 struct hf_err *err)
{
	struct hf_json doc;
	struct hf_sv kind = {0}, cause = {0};
	unsigned at;
	enum hf_rc rc =
	    hf_api_body(c, "by area grain at from to kind cause reason", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "by", 1, WORD, &q->by, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "area", 1, AREA, &m->mark.area, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "grain", 1, WORD, &q->grain, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "from", 0, WORD, &q->from, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "to", 0, WORD, &q->to, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "kind", 1, WORD, &kind, err);
	if (rc == HF_OK)
		rc = read_word(kind, "kind", hf_pop_mark_kind_words, HF_POP_MARK_KINDS,
			       &at, err);
	if (rc)
		return rc;
	m->mark.kind = (enum hf_pop_mark_kind)at;
	rc = hf_api_body_text(c, &doc, "cause", m->mark.kind == HF_POP_MARK_REBASE,
			      WORD, &cause, err);
	if (rc == HF_OK && cause.n && m->mark.kind != HF_POP_MARK_REBASE)
		rc = hf_fail(err, HF_INVALID, "cause", "only a re-base has a cause");
	if (rc == HF_OK && cause.n) {
		rc = read_word(cause, "cause", hf_pop_mark_cause_words,
			       HF_POP_MARK_CAUSES, &at, err);
		m->mark.cause = (enum hf_pop_mark_cause)at;
	}
	if (rc == HF_OK)
		rc = hf_api_body_text(
		    c, &doc, "reason",
		    m->mark.kind == HF_POP_MARK_NOTE ? 1 : HF_POP_MARK_LEAST,
		    HF_POP_MARK_REASON, &m->mark.reason, err);
	return rc;
}

/* The period of the chart that "at" lies in. */
static enum hf_rc
find_period(struct hf_call *c, const struct hf_pop_report *r, size_t *out,
	    struct hf_err *err)
{
	struct hf_json doc;
	struct hf_sv text = {0};
	struct hf_date d;
	struct hf_civil day;
	int64_t at;
	enum hf_rc rc =
	    hf_api_body(c, "by area grain at from to kind cause reason", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "at", 7, 10, &text, err);
	if (rc)
		return rc;
	if (!hf_date_parse(text, false, &d) ||
	    (d.precision != HF_PREC_DAY && d.precision != HF_PREC_MONTH))
		return hf_fail(err, HF_INVALID, "at",
			       "\"at\" is a day, as 2026-04-01, or a month");
	day = hf_london_civil(d.lo);
	at = hf_days_from_civil(day.year, day.month, day.day) - HF_POP_DAY_ZERO;
	for (*out = 0; *out < r->n_periods; ++*out)
		if (at >= hf_pop_plan_period(r->series, *out) &&
		    at < hf_pop_plan_period(r->series, *out + 1))
			return HF_OK;
	return hf_fail(err, HF_RULE, "at", "it lies outside what the chart shows");
}

/* Does the chart bear what is asked?  Sets where the mark stands. */
static enum hf_rc
judge(struct hf_call *c, const struct hf_pop_report *r, struct marking *m,
      struct hf_err *err)
{
	struct hf_ms_spc_point p[HF_POP_PERIODS_MOST];
	struct hf_ms_spc sum;
	size_t area = 0, at = 0;
	enum hf_rc rc = hf_measures_area(r, m->mark.area, &area, err);

	if (rc == HF_OK)
		rc = find_period(c, r, &at, err);
	if (rc)
		return rc;
	m->mark.day = hf_pop_plan_period(r->series, at);
	m->mark.grain = hf_sv_from(hf_pop_grain_words[r->ask.ask.grain]);
	if (area == 0 || r->ask.ask.by == HF_POP_BY_PLACE) {
		m->mark.by = HF_SV("place");
		m->mark.area = HF_SV("all");
	} else {
		m->mark.by = hf_sv_from(hf_pop_by_words[r->ask.ask.by]);
		m->mark.area = hf_pop_plan_area_id(r->series, area);
		m->mark.area = hf_arena_sv(c->arena, m->mark.area);
	}
	if (m->mark.kind == HF_POP_MARK_NOTE)
		return HF_OK;
	if (!hf_pop_report_chart(r, 0, area, p, &sum))
		return hf_fail(err, HF_RULE, "area", "there is nothing to chart here");
	return m->mark.kind == HF_POP_MARK_REBASE
		   ? hf_pop_mark_may_rebase(p, r->n_periods, at, m->mark.cause, err)
		   : hf_pop_mark_may_freeze(p, r->n_periods, at, err);
}

static enum hf_rc
forbidden(struct hf_err *err)
{
	return hf_fail(err, HF_FORBIDDEN, NULL,
		       "charts are marked by analysts; you can read what they wrote");
}

void
hf_api_mark_add(struct hf_call *c)
{
	struct marking *m = HF_NEW(c->arena, struct marking);
	struct hf_pop_question q = {.by = {0}};
	struct hf_measures a = {0};
	struct hf_err err;
	int k;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	c->audit_id = c->arg[0];
	rc = m ? HF_OK : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc == HF_OK && !may_mark(c))
		rc = forbidden(&err);
	if (rc == HF_OK)
		rc = find_measure(c, &k, &err);
	if (rc == HF_OK)
		rc = read_ask(c, m, &q, &err);
	if (rc == HF_OK)
		rc = hf_measures_run(c, &q, UINT64_C(1) << k, false, &a, &err);
	if (rc == HF_OK)
		rc = judge(c, a.report, m, &err);
	hf_measures_end(c, &a);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	m->mark.measure = c->arg[0];
	m->mark.stands = true;
	start(c, m);
}

/* A new version: other words, or withdrawn; why is kept with it. */
static enum hf_rc
read_change(struct hf_call *c, struct marking *m, struct hf_err *err)
{
	struct hf_json doc;
	uint32_t node;
	enum hf_rc rc = hf_api_body(c, "version reason stands", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_version(&doc, &m->seen, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "reason", HF_POP_MARK_LEAST,
				      HF_POP_MARK_REASON, &m->mark.reason, err);
	if (rc)
		return rc;
	node = hf_json_member(&doc, 0, "stands");
	if (node == HF_JSON_NONE || (hf_json_type(&doc, node) != HF_JSON_TRUE &&
				     hf_json_type(&doc, node) != HF_JSON_FALSE))
		return hf_fail(err, HF_INVALID, "stands",
			       "expected true, or false to withdraw it");
	m->mark.stands = hf_json_type(&doc, node) == HF_JSON_TRUE;
	if (m->seen == 0)
		return hf_fail(err, HF_INVALID, "version",
			       "expected the version that was seen");
	if (!hf_sv_int(c->arg[1], &m->mark.mark) || m->mark.mark < 1)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no such mark on this measure");
	return HF_OK;
}

void
hf_api_mark_change(struct hf_call *c)
{
	struct marking *m = HF_NEW(c->arena, struct marking);
	struct hf_err err;
	int k;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	c->audit_id = c->arg[0];
	rc = m ? HF_OK : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc == HF_OK && !may_mark(c))
		rc = forbidden(&err);
	if (rc == HF_OK)
		rc = find_measure(c, &k, &err);
	if (rc == HF_OK)
		rc = read_change(c, m, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	m->mark.measure = c->arg[0];
	start(c, m);
}
