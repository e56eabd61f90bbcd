/* fhir_measure.c - the outcome framework as FHIR: Measure, and $evaluate-measure, which
 * answers with a MeasureReport.  Measures that others sent stand in the record: they
 * are read by their ids and searched with POST, and with GET by whoever may not see
 * figures (a connected system, say) and so has no use for the framework's. */
#include "population/framework_fhir.h"
#include "server/fhir.h"
#include "server/measures.h"
#include "server/serve.h"

void hf_fhir_measure_read(struct hf_call *call);
void hf_fhir_measure_search(struct hf_call *call);
void hf_fhir_measure_evaluate(struct hf_call *call);

void
hf_fhir_measure_read(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	int k =
	    hf_fhir_may(c, HF_NEED_FIGURES) ? hf_pop_framework_find(f, c->arg[0]) : -1;
	struct hf_jw w = {.out = hf_req_buf(c->req)};

	c->audit_type = hf_resource_find(HF_SV("Measure"));
	if (k < 0) {
		c->arg[1] = c->arg[0];
		c->arg[0] = HF_SV("Measure");
		hf_fhir_read(c);
		return;
	}
	if (!hf_call_no_params(c))
		return;
	c->audit_id = c->arg[0];
	hf_pop_measure_fhir(f, &f->measures[k], c->base, &w);
	hf_call_reply_buf(c, 200);
}

static void
put_entry(struct hf_call *c, struct hf_jw *w, const struct hf_pop_framework *f,
	  const struct hf_pop_measure *m)
{
	hf_jw_obj(w);
	hf_jw_field(
	    w, "fullUrl",
	    hf_arena_printf(c->arena, "%.*s/Measure/%s", HF_SV_ARG(c->base), m->id));
	hf_jw_member(w, "resource");
	hf_pop_measure_fhir(f, m, c->base, w);
	hf_jw_member(w, "search");
	hf_jw_obj(w);
	hf_jw_field(w, "mode", HF_SV("match"));
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

/* What a search asks: measures from to until, in the order of the framework. */
struct page {
	size_t from, until, total;
	int64_t count; /* of _count, -1: not said */
};

static bool
take_number(struct hf_call *c, const char *name, int64_t *out)
{
	struct hf_sv text = hf_call_take_param(c, hf_sv_from(name));
	struct hf_err err;

	if (!text.p || (hf_sv_int(text, out) && *out >= 0))
		return true;
	hf_fail(&err, HF_INVALID, name, "it is a whole number from 0 on");
	hf_call_fail(c, &err);
	return false;
}

/* _id, _count and _page; false: the call is answered. */
static bool
take_page(struct hf_call *c, const struct hf_pop_framework *f, struct page *p)
{
	struct hf_sv id = hf_call_take_param(c, HF_SV("_id"));
	int k = id.p ? hf_pop_framework_find(f, id) : -1;
	int64_t from = 0;

	*p = (struct page){.count = -1, .total = id.p ? k >= 0 : f->n};
	if (!take_number(c, "_count", &p->count) || !take_number(c, "_page", &from) ||
	    !hf_call_no_params(c))
		return false;
	p->from = (uint64_t)from < p->total ? (size_t)from : p->total;
	p->until = p->total;
	if (p->count >= 0 && (uint64_t)p->count < p->total - p->from)
		p->until = p->from + (size_t)p->count;
	if (k > 0) {
		p->from += (size_t)k;
		p->until += (size_t)k;
	}
	return true;
}

static void
put_links(struct hf_call *c, struct hf_jw *w, const struct page *p)
{
	struct hf_sv path = HF_SV("Measure");

	hf_jw_member(w, "link");
	hf_jw_arr(w);
	hf_fhir_bundle_link(w, "self", c->base, path, hf_req_query(c->req));
	/* Of _id there is one: what follows is of all. */
	if (p->count > 0 && p->until < p->total)
		hf_fhir_bundle_link(w, "next", c->base, path,
				    hf_arena_printf(c->arena, "_count=%lld&_page=%zu",
						    (long long)p->count, p->until));
	hf_jw_arr_end(w);
}

/* Without _count all in one page: there are fewer than a page has. */
void
hf_fhir_measure_search(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct page p;

	if (!hf_fhir_may(c, HF_NEED_FIGURES) ||
	    !hf_fhir_asks_only(c, "_id _count _page")) {
		c->arg[0] = HF_SV("Measure");
		hf_fhir_search_type(c);
		return;
	}
	if (!take_page(c, f, &p))
		return;
	c->audit_type = hf_resource_find(HF_SV("Measure"));
	c->audit_hits = (int64_t)p.total;
	hf_fhir_bundle_open(&w, "searchset", (int64_t)p.total);
	put_links(c, &w, &p);
	if (p.from < p.until) {
		hf_jw_member(&w, "entry");
		hf_jw_arr(&w);
		for (size_t i = p.from; i < p.until; i++)
			put_entry(c, &w, f, &f->measures[i]);
		hf_jw_arr_end(&w);
	}
	hf_jw_obj_end(&w);
	hf_call_reply_buf(c, 200);
}

/* periodEnd is the last day of the period, where ours is the day after it. */
static enum hf_rc
period(struct hf_call *c, struct hf_pop_question *q, struct hf_err *err)
{
	struct hf_sv end = hf_call_take_param(c, HF_SV("periodEnd"));
	struct hf_date d;
	struct hf_civil next;

	q->from = hf_call_take_param(c, HF_SV("periodStart"));
	if (q->from.n == 0 || end.n == 0)
		return hf_fail(err, HF_INVALID, "periodStart",
			       "periodStart and periodEnd are needed, as 2025-04-01");
	if (!hf_date_parse(end, false, &d) || d.precision > HF_PREC_DAY)
		return hf_fail(err, HF_INVALID, "periodEnd",
			       "periodEnd is a day, as 2026-03-31");
	next = hf_london_civil(d.hi);
	q->to = hf_arena_printf(c->arena, "%04d-%02d-%02d", (int)next.year, next.month,
				next.day);
	return q->to.p ? HF_OK : hf_fail(err, HF_TOO_LONG, NULL, "no memory");
}

void
hf_fhir_measure_evaluate(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	int k = hf_pop_framework_find(f, c->arg[0]);
	struct hf_pop_question q = {.grain = HF_SV("year")};
	struct hf_sv type = hf_call_take_param(c, HF_SV("reportType"));
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct hf_measures m = {0};
	struct hf_err err;
	enum hf_rc rc = period(c, &q, &err);

	q.by = hf_call_take_param(c, HF_SV("by"));
	if (rc == HF_OK && !hf_call_no_params(c))
		return;
	c->audit_type = hf_resource_find(HF_SV("Measure"));
	c->audit_id = c->arg[0];
	if (rc == HF_OK && k < 0)
		rc =
		    hf_fail(&err, HF_NOT_FOUND, "id", "there is no measure of this id");
	if (rc == HF_OK && type.n && !hf_sv_is(type, "population") &&
	    !hf_sv_is(type, "summary"))
		rc = hf_fail(&err, HF_INVALID, "reportType",
			     "reportType is population: people are not named here");
	if (rc == HF_OK)
		rc = hf_measures_run(c, &q, UINT64_C(1) << k, true, &m, &err);
	if (rc == HF_OK)
		hf_pop_report_fhir(m.report, 0, c->base, &w);
	hf_measures_end(c, &m);
	if (rc)
		hf_call_fail(c, &err);
	else
		hf_call_reply_buf(c, 200);
}
