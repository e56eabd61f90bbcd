/* api_population.c - /api/population/state and /cube: figures about groups of people,
 * after disclosure control (population.md section 7). */
#include "population/answer.h"
#include "population/io/explore.h"
#include "server/api.h"
#include "place/io/directory.h"
#include "server/geometry.h"
#include "server/serve.h"

void hf_api_population_state(struct hf_call *call);
void hf_api_population_cube(struct hf_call *call);
void hf_api_population_shapes(struct hf_call *call);

enum { ANSWER_CAP = 128 << 20 };

static void
put_count(struct hf_jw *w, struct hf_sv name, uint64_t n)
{
	hf_jw_key(w, name);
	hf_jw_int(w, (int64_t)n);
}

void
hf_api_population_state(struct hf_call *call)
{
	struct hf_pop_live_state s;
	struct hf_jw w;

	if (!hf_api_no_params(call))
		return;
	hf_pop_explorer_state(call->server->population, &s);
	hf_api_begin(call, &w);
	hf_jw_member(&w, "loading");
	hf_jw_bool(&w, s.loading);
	put_count(&w, HF_SV("rows"), s.rows);
	put_count(&w, HF_SV("rowsOf"), s.rows_of);
	put_count(&w, HF_SV("version"), s.version);
	/* Of everybody there is, so that it tells of nobody: but rounded all the same.
	 */
	put_count(&w, HF_SV("persons"),
		  (uint64_t)hf_pop_show(HF_POP_STRICT5, (int64_t)s.persons).n);
	put_count(&w, HF_SV("events"),
		  (uint64_t)hf_pop_show(HF_POP_STRICT5, (int64_t)s.events).n);
	put_count(&w, HF_SV("duplicates"),
		  (uint64_t)hf_pop_show(HF_POP_STRICT5, (int64_t)s.duplicates).n);
	put_count(&w, HF_SV("replaced"),
		  (uint64_t)hf_pop_show(HF_POP_STRICT5, (int64_t)s.replaced).n);
	put_count(&w, HF_SV("bytes"), s.bytes);
	put_count(&w, HF_SV("loadMs"), (uint64_t)s.load_ms);
	put_count(&w, HF_SV("mergeMs"), (uint64_t)s.merge_ms);
	if (s.failed[0])
		hf_jw_field(&w, "failed", HF_SV("the store could not be read"));
	hf_api_end(call);
}

/* ---- the cube ---- */

static enum hf_rc
read_day(struct hf_sv text, const char *name, uint16_t *out, struct hf_err *err)
{
	struct hf_date d;
	int64_t day;

	if (text.n == 0)
		return HF_OK;
	if (!hf_date_parse(text, false, &d) || d.precision != HF_PREC_DAY)
		return hf_fail(err, HF_INVALID, name, "it is a day, as 2026-04-01");
	struct hf_civil c = hf_london_civil(d.lo);
	day = hf_days_from_civil(c.year, c.month, c.day) - HF_POP_DAY_ZERO;
	if (day < 0 || day >= HF_POP_NONE)
		return hf_fail(err, HF_INVALID, name,
			       "days are counted from 1990 to 2169");
	*out = (uint16_t)day;
	return HF_OK;
}

static enum hf_rc
read_rule(struct hf_sv text, struct hf_pop_ask *ask, struct hf_err *err)
{
	if (text.n == 0 || hf_sv_is(text, "strict5"))
		ask->sdc = HF_POP_STRICT5;
	else if (hf_sv_is(text, "hes7"))
		ask->sdc = HF_POP_HES7;
	else
		return hf_fail(err, HF_INVALID, "rule", "it is strict5 or hes7");
	return HF_OK;
}

static enum hf_rc
read_ask(struct hf_call *call, const struct hf_pop_dims *d, struct hf_pop_ask *ask,
	 struct hf_err *err)
{
	struct hf_sv filter, by = hf_call_take_param(call, HF_SV("by"));
	struct hf_sv hist = hf_call_take_param(call, HF_SV("histograms"));
	struct hf_sv months = hf_call_take_param(call, HF_SV("monthly"));
	enum hf_rc rc = hf_pop_ask_by(d, by, ask, err);

	while (rc == HF_OK &&
	       (filter = hf_call_take_param(call, HF_SV("filter"))).p != NULL)
		rc = hf_pop_ask_filter(d, filter, ask, err);
	if (rc == HF_OK && hist.n && !hf_sv_is(hist, "all"))
		rc = hf_fail(err, HF_INVALID, "histograms", "it is all");
	if (rc == HF_OK && months.n && !hf_sv_is(months, "true") &&
	    !hf_sv_is(months, "false"))
		rc = hf_fail(err, HF_INVALID, "monthly", "it is true or false");
	ask->histograms = hist.n > 0;
	ask->monthly = hf_sv_is(months, "true");
	if (rc == HF_OK)
		rc = hf_pop_ask_events(hf_call_take_param(call, HF_SV("events")), ask,
				       err);
	if (rc == HF_OK)
		rc = read_day(hf_call_take_param(call, HF_SV("from")), "from",
			      &ask->from, err);
	if (rc == HF_OK)
		rc = read_day(hf_call_take_param(call, HF_SV("to")), "to", &ask->to,
			      err);
	if (rc == HF_OK)
		rc = read_rule(hf_call_take_param(call, HF_SV("rule")), ask, err);
	return rc;
}

static void
put_cube(struct hf_call *call, const struct hf_pop_view *v,
	 const struct hf_pop_ask *ask, const struct hf_pop_answer *a)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)v->day + HF_POP_DAY_ZERO) * 86400000);
	struct hf_jw w;

	hf_api_begin(call, &w);
	put_count(&w, HF_SV("version"), v->c->version);
	hf_jw_field(&w, "day",
		    hf_arena_printf(call->arena, "%04d-%02d-%02d", (int)c.year, c.month,
				    c.day));
	hf_pop_answer_json(&v->dims, ask, a, &w);
	hf_api_end(call);
}

void
hf_api_population_cube(struct hf_call *call)
{
	const struct hf_pop_view *v = hf_pop_view_hold(call->server->population);
	struct hf_arena arena = {.cap = ANSWER_CAP};
	struct hf_pop_ask *ask = HF_NEW(&arena, struct hf_pop_ask);
	struct hf_pop_answer a;
	struct hf_err err;
	enum hf_rc rc;

	if (!v)
		rc = hf_fail(&err, HF_BUSY, NULL,
			     "the population is being loaded: try again in a moment");
	else if (!ask)
		rc = hf_fail(&err, HF_BUSY, NULL, "out of memory: try again");
	else
		rc = read_ask(call, &v->dims, ask, &err);
	if (rc != HF_OK)
		hf_api_fail(call, &err);
	else if (hf_api_no_params(call)) {
		rc = hf_pop_view_ask(v, ask, &arena, &a, &err);
		if (rc == HF_OK)
			put_cube(call, v, ask, &a);
		else
			hf_api_fail(call, &err);
	}
	hf_pop_view_release(call->server->population, v);
	hf_arena_free(&arena);
}

/* The shapes of the localities, for maps: nothing about people. */
void
hf_api_population_shapes(struct hf_call *call)
{
	const struct hf_locality *at;
	struct hf_geography *g;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;

	if (!hf_api_no_params(call))
		return;
	if (hf_geography_read(call->reader, call->arena, &g, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	at = hf_geography_localities(g, &n);
	hf_api_begin(call, &w);
	hf_jw_member(&w, "localities");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(&w);
		hf_jw_field(&w, "id", at[i].id);
		hf_jw_field(&w, "name", at[i].name);
		hf_geometry_put(&w, at[i].polygon, call->arena);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_end(call);
}
