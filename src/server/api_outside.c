/* api_outside.c - /api/population/measures/{id}/outside: what others report of a
 * measure, beside our own figure of the same days.  docs/interfaces/measures.md.
 *
 * Reports are resources of the record, sent by whoever may change it; here they are
 * read as figures, for whoever may see figures, with small numbers gone. */
#include "base/time.h"
#include "population/framework_outside.h"
#include "record/io/search.h"
#include "server/api.h"
#include "server/measures.h"
#include "server/serve.h"

void hf_api_outside(struct hf_call *call);

enum { REPORTS_SHOWN = 100, PERIODS = 12 };

struct ours { /* our figure of some days */
	struct hf_sv from, to;
	struct hf_pop_outside_figure figure;
	bool known;
};

struct shown {
	struct hf_call *c;
	const struct hf_pop_measure *m;
	uint64_t bit;
	struct ours ours[PERIODS];
	size_t n_ours, n;
};

/* The day after the last, as our own questions have it. */
static struct hf_sv
day_after(struct hf_arena *arena, struct hf_sv last)
{
	struct hf_date d;
	struct hf_civil next;

	if (!hf_date_parse(last, false, &d))
		return HF_SV("");
	next = hf_london_civil(d.hi);
	return hf_arena_printf(arena, "%04d-%02d-%02d", (int)next.year, next.month,
			       next.day);
}

static struct hf_sv
first_day(struct hf_arena *arena, struct hf_sv first)
{
	struct hf_date d;
	struct hf_civil day;

	if (!hf_date_parse(first, false, &d))
		return HF_SV("");
	day = hf_london_civil(d.lo);
	return hf_arena_printf(arena, "%04d-%02d-%02d", (int)day.year, day.month,
			       day.day);
}

/* Our own figure of the days of a report; known false: we have none of them. */
static const struct ours *
ours_of(struct shown *s, struct hf_sv from, struct hf_sv to)
{
	struct hf_pop_question q = {.grain = HF_SV("year"),
				    .from = first_day(s->c->arena, from),
				    .to = day_after(s->c->arena, to)};
	struct hf_measures a = {0};
	struct hf_err err;
	struct ours *o;

	for (size_t i = 0; i < s->n_ours; i++)
		if (hf_sv_eq(s->ours[i].from, from) && hf_sv_eq(s->ours[i].to, to))
			return &s->ours[i];
	if (s->n_ours == PERIODS || q.from.n == 0 || q.to.n == 0)
		return NULL;
	o = &s->ours[s->n_ours++];
	*o = (struct ours){.from = from, .to = to};
	if (hf_measures_run(s->c, &q, s->bit, true, &a, &err) == HF_OK) {
		const struct hf_pop_figure *f =
		    hf_pop_report_at(a.report, 0, 1, a.report->n_periods);

		o->figure = (struct hf_pop_outside_figure){
		    .n = f->counted,
		    .of = f->out_of,
		    .value = f->value,
		    .standard = f->standard,
		    .hidden = f->status == HF_POP_SUPPRESSED,
		};
		o->known =
		    f->status != HF_POP_NOT_RECEIVED && f->status != HF_POP_PARTIAL;
	}
	hf_measures_end(s->c, &a);
	return o;
}

static void
write_report(struct shown *s, struct hf_jw *w, const struct hf_version *v,
	     const struct hf_pop_outside *o)
{
	const struct ours *ours = ours_of(s, o->from, o->to);

	hf_jw_obj(w);
	hf_jw_field(w, "id", v->id);
	hf_jw_field(w, "source", o->source);
	hf_jw_field(w, "version", o->version);
	hf_jw_key(w, HF_SV("sameVersion"));
	hf_jw_bool(w, hf_sv_eq(o->version, hf_sv_from(s->m->version)));
	hf_jw_field(w, "from", o->from);
	hf_jw_field(w, "to", o->to);
	hf_jw_field(w, "unit", o->unit);
	hf_jw_member(w, "whole");
	hf_pop_outside_json(&o->whole, w);
	hf_jw_member(w, "ours");
	if (ours && ours->known)
		hf_pop_outside_json(&ours->figure, w);
	else
		hf_jw_null(w);
	hf_jw_field(w, "by", o->by);
	hf_jw_member(w, "strata");
	hf_jw_arr(w);
	for (size_t i = 0; i < o->n_strata; i++)
		hf_pop_outside_json(&o->strata[i], w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

/* Reports that are in force, the latest period first. */
static enum hf_rc
find(struct hf_call *c, struct hf_reader *plain, struct hf_search_result *out,
     struct hf_err *err)
{
	static const struct hf_param params[] = {
	    {{"status", 6}, {"complete", 8}},
	    {{"_sort", 5}, {"-period,-_lastUpdated", 21}},
	    {{"_count", 6}, {"2000", 4}},
	};
	struct hf_search *search;
	enum hf_rc rc = hf_search_parse(hf_resource_find(HF_SV("MeasureReport")),
					params, HF_COUNT(params), false, c->base,
					c->now, c->arena, &search, err);

	return rc ? rc
		  : hf_search_run(c->store, plain, search, c->actor->id, c->arena, out,
				  err);
}

static void
write_reports(struct shown *s, struct hf_jw *w, const struct hf_search_result *found)
{
	for (size_t i = 0; i < found->n && s->n < REPORTS_SHOWN; i++) {
		struct hf_pop_outside o;
		struct hf_json doc;

		if (hf_json_parse(found->hits[i].v.body, NULL, s->c->arena, &doc,
				  NULL) != HF_OK ||
		    !hf_pop_outside_read(&doc, s->c->arena, &o) ||
		    !hf_sv_eq(o.measure, hf_sv_from(s->m->id)))
			continue;
		write_report(s, w, &found->hits[i].v, &o);
		s->n++;
	}
}

void
hf_api_outside(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	int k = hf_pop_framework_find(f, c->arg[0]);
	struct hf_reader *plain = NULL;
	struct hf_search_result found = {.n = 0};
	struct shown s = {.c = c};
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	c->audit_id = c->arg[0];
	rc = k < 0 ? hf_fail(&err, HF_NOT_FOUND, "id", "there is no measure of this id")
		   : hf_reader_get(c->store, &plain, &err);
	if (rc == HF_OK)
		hf_reader_as(plain, NULL);
	if (rc == HF_OK)
		rc = find(c, plain, &found, &err);
	if (rc) {
		hf_reader_put(plain);
		hf_api_fail(c, &err);
		return;
	}
	s.m = &f->measures[k];
	s.bit = UINT64_C(1) << k;
	hf_api_begin(c, &w);
	hf_jw_member(&w, "reports");
	hf_jw_arr(&w);
	write_reports(&s, &w, &found);
	hf_jw_arr_end(&w);
	hf_reader_put(plain);
	c->audit_hits = (int64_t)s.n;
	hf_api_end(c);
}
