/* api_measures.c - /api/population/measures: the outcome framework, disclosed.
 * docs/interfaces/measures.md. */
#include "server/measures.h"

#include "population/framework_effect.h"
#include "population/framework_reasons.h"
#include "population/io/feed_kept.h"
#include "population/io/framework_run.h"
#include "population/io/mark_keep.h"
#include "population/io/peers_run.h"
#include "server/api.h"
#include "server/serve.h"

void hf_api_measures(struct hf_call *call);
void hf_api_measure(struct hf_call *call);
void hf_api_reasons(struct hf_call *call);
void hf_api_measure_peers(struct hf_call *call);

void
hf_measures_free(struct hf_outcomes *outcomes, struct hf_measures *a)
{
	hf_pop_report_free(a->report);
	hf_pop_extra_free(a->extra);
	hf_outcomes_release(outcomes, &a->held);
}

void
hf_measures_end(struct hf_call *c, struct hf_measures *a)
{
	hf_measures_free(c->server->outcomes, a);
}

/* Of the columns there are: an answer without activity is none. */
static enum hf_rc
has_activity(const struct hf_pop_columns *c, struct hf_err *err)
{
	return c->n_events
		   ? HF_OK
		   : hf_fail(err, HF_NOT_FOUND, NULL,
			     "there is no activity in this place yet: import some");
}

/* Feeds that are too bad to publish figures of have none here. */
static enum hf_rc
hold_back(struct hf_reader *reader, struct hf_arena *arena, struct hf_pop_report *r,
	  struct hf_err *err)
{
	struct hf_pop_held_back *held;
	size_t n;
	enum hf_rc rc = hf_feed_held_back(reader, arena, &held, &n, err);

	if (rc == HF_OK)
		hf_pop_report_hold_back(r, held, n);
	return rc;
}

/* Everybody who asks here asks about groups of people: figures of weighed people,
 * rounded, small ones gone (population.md 7). */
enum hf_rc
hf_measures_make(struct hf_outcomes *outcomes, struct hf_reader *reader,
		 const struct hf_pop_question *q, uint64_t measures, bool as_total,
		 bool true_figures, struct hf_arena *arena, struct hf_measures *a,
		 struct hf_err *err)
{
	struct hf_pop_report_ask ask;
	enum hf_rc rc = hf_outcomes_hold(outcomes, &a->held, err);

	if (rc == HF_OK)
		rc = has_activity(a->held.c, err);
	if (rc == HF_OK)
		rc = hf_pop_question_read(a->held.c, q, &ask, err);
	if (rc)
		return rc;
	ask.ask.measures = measures;
	ask.ask.weight = true_figures ? NULL : a->held.weight;
	ask.disclose = !true_figures;
	if (as_total) {
		ask.total_from = ask.ask.from;
		ask.total_to = ask.ask.to;
	}
	rc =
	    hf_pop_marks_read(reader, (struct hf_sv){0}, false, arena, &ask.marks, err);
	if (rc == HF_OK)
		rc = hf_pop_extra_make(reader, a->held.c, &ask, &a->extra, err);
	if (rc == HF_OK)
		rc = hf_pop_report_run(a->held.c, hf_outcomes_framework(outcomes), &ask,
				       0, &a->report, err);
	return rc ? rc : hold_back(reader, arena, a->report, err);
}

enum hf_rc
hf_measures_run(struct hf_call *c, const struct hf_pop_question *q, uint64_t measures,
		bool as_total, struct hf_measures *a, struct hf_err *err)
{
	return hf_measures_make(c->server->outcomes, c->reader, q, measures, as_total,
				false, c->arena, a, err);
}

static struct hf_pop_question
question(struct hf_call *c)
{
	return (struct hf_pop_question){
	    .by = hf_call_take_param(c, HF_SV("by")),
	    .grain = hf_call_take_param(c, HF_SV("grain")),
	    .from = hf_call_take_param(c, HF_SV("from")),
	    .to = hf_call_take_param(c, HF_SV("to")),
	    .baseline = hf_call_take_param(c, HF_SV("baseline")),
	    .frozen = hf_call_take_param(c, HF_SV("frozen")),
	    .trend = hf_call_take_param(c, HF_SV("trend")),
	};
}

/* What changed at a day is asked of one measure. */
static struct hf_pop_question
question_of_one(struct hf_call *c)
{
	struct hf_pop_question q = question(c);

	q.its = hf_call_take_param(c, HF_SV("its"));
	q.control = hf_call_take_param(c, HF_SV("control"));
	q.since = hf_call_take_param(c, HF_SV("since"));
	return q;
}

enum hf_rc
hf_measures_area(const struct hf_pop_report *r, struct hf_sv id, size_t *out,
		 struct hf_err *err)
{
	*out = r->n_areas == 2 ? 1 : 0;
	if (id.n == 0 || hf_sv_is(id, "all"))
		return HF_OK;
	for (size_t a = 1; a < r->n_areas; a++)
		if (hf_sv_eq(hf_pop_plan_area_id(r->series, a), id)) {
			*out = a;
			return HF_OK;
		}
	return hf_fail(err, HF_NOT_FOUND, "area", "there is no area of this id");
}

void
hf_api_measures(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	struct hf_pop_question q = question(c);
	struct hf_sv area = hf_call_take_param(c, HF_SV("area"));
	struct hf_measures a = {0};
	struct hf_err err;
	struct hf_jw w;
	size_t at = 0;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc =
	    hf_measures_run(c, &q, f->n < 64 ? (UINT64_C(1) << f->n) - 1 : ~UINT64_C(0),
			    false, &a, &err);
	if (rc == HF_OK)
		rc = hf_measures_area(a.report, area, &at, &err);
	if (rc == HF_OK) {
		c->audit_hits = (int64_t)a.report->n_measures;
		hf_api_begin(c, &w);
		hf_pop_report_tiles(a.report, at, &w);
	}
	hf_measures_end(c, &a);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

void
hf_api_measure(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	struct hf_pop_question q = question_of_one(c);
	int k = hf_pop_framework_find(f, c->arg[0]);
	struct hf_measures a = {0};
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	c->audit_id = c->arg[0];
	rc = k < 0 ? hf_fail(&err, HF_NOT_FOUND, "id", "there is no measure of this id")
		   : hf_measures_run(c, &q, UINT64_C(1) << k, false, &a, &err);
	if (rc == HF_OK)
		rc = hf_pop_effect_check(a.report, &err);
	if (rc == HF_OK) {
		c->audit_hits = 1;
		hf_api_begin(c, &w);
		hf_pop_report_members(a.report, 0, &w);
	}
	hf_measures_end(c, &a);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

/* Why people come back, of the last twelve months or the range asked for. */
void
hf_api_reasons(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	struct hf_pop_question q = {.by = hf_call_take_param(c, HF_SV("by")),
				    .from = hf_call_take_param(c, HF_SV("from")),
				    .to = hf_call_take_param(c, HF_SV("to"))};
	struct hf_sv area = hf_call_take_param(c, HF_SV("area"));
	int k = hf_pop_framework_find(f, c->arg[0]);
	struct hf_pop_reasons reasons;
	struct hf_measures a = {0};
	struct hf_err err;
	struct hf_jw w;
	size_t at = 0;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	c->audit_id = c->arg[0];
	rc = k < 0 ? hf_fail(&err, HF_NOT_FOUND, "id", "there is no measure of this id")
		   : hf_measures_run(c, &q, UINT64_C(1) << k, q.from.n > 0, &a, &err);
	if (rc == HF_OK)
		rc = hf_measures_area(a.report, area, &at, &err);
	if (rc == HF_OK &&
	    hf_pop_report_at(a.report, 0, at, a.report->n_periods)->status ==
		HF_POP_HELD_BACK)
		rc = hf_fail(&err, HF_RULE, "id",
			     "figures of these days are held back: a feed is not good "
			     "enough to publish of");
	if (rc == HF_OK)
		rc = hf_pop_reasons_count(a.report->total, (size_t)k, at, &reasons,
					  &err);
	if (rc == HF_OK) {
		c->audit_hits = 1;
		hf_api_begin(c, &w);
		hf_pop_report_total_json(a.report, &w);
		hf_pop_reasons_json(&reasons, HF_POP_STRICT5, &w);
	}
	hf_measures_end(c, &a);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

static void
write_peers(struct hf_call *c, const struct hf_pop_report *r,
	    const struct hf_peers_found *f)
{
	const struct hf_pop_measure *m = &r->f->measures[r->measure[0]];
	struct hf_jw w;

	c->audit_hits = (int64_t)f->n;
	hf_api_begin(c, &w);
	hf_jw_field(&w, "measure", hf_sv_from(m->id));
	hf_jw_field(&w, "unit", hf_sv_from(m->unit));
	hf_jw_field(&w, "direction", hf_sv_from(hf_pop_direction_words[m->direction]));
	hf_jw_member(&w, "groups");
	hf_jw_arr(&w);
	for (size_t i = 0; i < f->n; i++)
		hf_peers_json(&f->group[i], m, f->files, f->n_files, &w);
	hf_jw_arr_end(&w);
}

/* The place's own figure is disclosed as everywhere; those of the peers are published.
 */
void
hf_api_measure_peers(struct hf_call *c)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(c->server->outcomes);
	const struct hf_pop_question q = {.by = HF_SV("place"),
					  .to = hf_call_take_param(c, HF_SV("to"))};
	struct hf_sv group = hf_call_take_param(c, HF_SV("group"));
	int k = hf_pop_framework_find(f, c->arg[0]);
	struct hf_arena arena = {.cap = 128 << 20};
	struct hf_measures a = {0};
	struct hf_peers_found *found = HF_NEW(&arena, struct hf_peers_found);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c)) {
		hf_arena_free(&arena);
		return;
	}
	c->audit_id = c->arg[0];
	if (!found)
		rc = hf_fail(&err, HF_BUSY, NULL, "out of memory: try again");
	else
		rc = k < 0 ? hf_fail(&err, HF_NOT_FOUND, "id",
				     "there is no measure of this id")
			   : hf_measures_run(c, &q, UINT64_C(1) << k, false, &a, &err);
	if (rc == HF_OK)
		rc = hf_peers_run(c->reader, a.report, 0, group, &arena, found, &err);
	if (rc == HF_OK)
		write_peers(c, a.report, found);
	hf_measures_end(c, &a);
	hf_arena_free(&arena);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}
