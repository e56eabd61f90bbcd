/* api_behind.c - GET /api/population/measures/{id}/people: who is behind a figure.
 * docs/interfaces/measures.md. */
#include <stdlib.h>

#include "population/disclose.h"
#include "population/framework_question.h"
#include "population/io/framework_extra.h"
#include "server/behind.h"
#include "server/serve.h"

void hf_api_measure_people(struct hf_call *call);

enum { WHY_MOST = 4, MONTHS = 12 };

/* A question made ready, and what it borrows. */
struct asking {
	struct hf_sv area, period, from, to, side, by;
	int64_t offset;
	int measure;
	struct hf_outcomes_held held;
	struct hf_pop_report_ask ask;
	struct hf_pop_extra *extra;
	struct hf_pop_plan *plan;
	size_t at; /* the area; 0: any */
	bool counted;
};

static void
end(struct hf_call *call, struct asking *a)
{
	hf_pop_plan_free(a->plan);
	hf_pop_extra_free(a->extra);
	hf_outcomes_release(call->server->outcomes, &a->held);
}

/* ---- the question ---- */

static bool
number(struct hf_sv text, size_t from, size_t n, int64_t *out)
{
	return from + n <= text.n && hf_sv_int((struct hf_sv){text.p + from, n}, out) &&
	       *out >= 0;
}

/* "2026-04", "2026-Q1", "2026/27" as the months they begin and end before. */
static bool
read_period(struct hf_sv text, int64_t *year, int64_t *month, int64_t *months)
{
	int64_t next;

	if (!number(text, 0, 4, year) || text.n != 7)
		return false;
	if (text.p[4] == '/') {
		*month = 4;
		*months = 12;
		return number(text, 5, 2, &next) && next == (*year + 1) % 100;
	}
	if (text.p[4] != '-')
		return false;
	if (text.p[5] == 'Q') {
		*months = 3;
		if (!number(text, 6, 1, month) || *month < 1 || *month > 4)
			return false;
		*month = 3 * *month - 2;
		return true;
	}
	*months = 1;
	return number(text, 5, 2, month) && *month >= 1 && *month <= 12;
}

static uint16_t
first_of(int64_t year, int64_t month)
{
	int64_t months = year * 12 + month - 1;

	return (uint16_t)(hf_days_from_civil((int)(months / 12), (int)(months % 12) + 1,
					     1) -
			  HF_POP_DAY_ZERO);
}

/* The period asked for; without one the last twelve whole months, as the total is. */
static enum hf_rc
set_period(struct asking *a, struct hf_err *err)
{
	struct hf_pop_count_ask *ask = &a->ask.ask;
	int64_t year, month, months;

	ask->grain = HF_POP_WHOLE;
	if (a->from.n || a->to.n) {
		if (a->period.n || !a->from.n || !a->to.n)
			return hf_fail(err, HF_INVALID, a->period.n ? "period" : "from",
				       "say \"period\", or \"from\" and \"to\"");
		return HF_OK;
	}
	if (a->period.n == 0) {
		hf_pop_report_range(a->held.c, MONTHS, &ask->from, &ask->to);
		return HF_OK;
	}
	if (!read_period(a->period, &year, &month, &months) || year < 1990 ||
	    year > 2160)
		return hf_fail(err, HF_INVALID, "period",
			       "expected a month (2026-04), a quarter (2026-Q1) or a "
			       "year (2026/27)");
	ask->from = first_of(year, month);
	ask->to = first_of(year, month + months);
	return HF_OK;
}

static enum hf_rc
find_area(struct asking *a, struct hf_err *err)
{
	if (a->area.n == 0)
		return HF_OK;
	for (a->at = 1; a->at < hf_pop_plan_areas(a->plan); a->at++)
		if (hf_sv_eq(hf_pop_plan_area_id(a->plan, a->at), a->area))
			return HF_OK;
	return hf_fail(err, HF_NOT_FOUND, "area", "there is no area of this id");
}

static enum hf_rc
check_side(struct asking *a, const struct hf_pop_measure *m, struct hf_err *err)
{
	a->counted = a->side.n == 0 || hf_sv_is(a->side, "counted");
	if (!a->counted && !hf_sv_is(a->side, "not"))
		return hf_fail(err, HF_INVALID, "side", "expected counted or not");
	if (!a->counted && !hf_pop_has_not(m))
		return hf_fail(err, HF_INVALID, "side",
			       "only a share tells whom it did not count");
	if (m->confidential)
		return hf_fail(
		    err, HF_FORBIDDEN, NULL,
		    "these answers were given in confidence: nobody is shown "
		    "behind them");
	return HF_OK;
}

static enum hf_rc
prepare(struct hf_call *call, struct asking *a, struct hf_err *err)
{
	const struct hf_pop_framework *f =
	    hf_outcomes_framework(call->server->outcomes);
	struct hf_pop_question q = {.by = a->by, .from = a->from, .to = a->to};
	enum hf_rc rc;

	a->measure = hf_pop_framework_find(f, call->arg[0]);
	if (a->measure < 0)
		return hf_fail(err, HF_NOT_FOUND, "id",
			       "there is no measure of this id");
	rc = check_side(a, &f->measures[a->measure], err);
	if (rc == HF_OK)
		rc = hf_outcomes_hold(call->server->outcomes, &a->held, err);
	if (rc == HF_OK && a->held.c->n_events == 0)
		rc = hf_fail(err, HF_NOT_FOUND, NULL,
			     "there is no activity in this place yet: import some");
	if (rc == HF_OK)
		rc = hf_pop_question_read(a->held.c, &q, &a->ask, err);
	if (rc == HF_OK)
		rc = set_period(a, err);
	a->ask.ask.measures = UINT64_C(1) << a->measure;
	if (rc == HF_OK)
		rc =
		    hf_pop_extra_make(call->reader, a->held.c, &a->ask, &a->extra, err);
	if (rc == HF_OK)
		rc = hf_pop_plan_new(a->held.c, f, &a->ask.ask, &a->plan, err);
	return rc ? rc : find_area(a, err);
}

static enum hf_rc
read_offset(struct hf_call *call, struct asking *a, struct hf_err *err)
{
	struct hf_sv text = hf_call_take_param(call, HF_SV("offset"));

	if (text.n == 0 || (hf_sv_int(text, &a->offset) && a->offset >= 0 &&
			    a->offset <= HF_POP_BEHIND_MOST))
		return HF_OK;
	return hf_fail(err, HF_INVALID, "offset", "expected a number from 0");
}

/* ---- the answer ---- */

static const char *const setting_words[HF_POP_SETTINGS] = {
    "Event",
    "A&E attendance",
    "Planned stay",
    "Day case",
    "Emergency stay",
    "Regular attendance",
    "Maternity stay",
    "Outpatient appointment",
    "Community contact",
    "Urgent community response",
    "Virtual ward stay",
    "Mental health contact",
    "Social care",
    "General practice appointment",
    "Medicine prescribed",
    "Diagnostic test",
    "Ambulance",
    "NHS 111 call",
};

/* What the figure counted of the row, where it is more than that it happened. */
static struct hf_sv
amount_words(struct hf_arena *arena, const struct hf_pop_measure *m, int64_t n)
{
	if (m->of == HF_POP_OF_PERSONS)
		return hf_arena_printf(arena, "%lld times in %u days", (long long)n,
				       (unsigned)m->often.within);
	if (m->of == HF_POP_OF_VALUES)
		return hf_arena_printf(arena, "%.3f", (double)n / 1000);
	switch (m->quantity) {
	case HF_POP_Q_BED_DAYS:
	case HF_POP_Q_NIGHTS:
		return hf_arena_printf(arena, "%lld night%s", (long long)n,
				       n == 1 ? "" : "s");
	case HF_POP_Q_WAIT:
		return hf_arena_printf(
		    arena, "%lld %s", (long long)n,
		    m->base.flags_all & HF_POP_F_READY_DELAY ? "days" : "minutes");
	default:
		return (struct hf_sv){NULL, 0};
	}
}

static void
write_event(struct hf_call *call, struct hf_jw *w, const struct asking *a,
	    const struct hf_pop_behind *row)
{
	const struct hf_pop_columns *c = a->held.c;
	const char *why[WHY_MOST];
	uint64_t e = row->event;
	size_t n = hf_pop_behind_why(a->plan, (size_t)a->measure, e, why, WHY_MOST);

	hf_jw_field(w, "what", hf_sv_from(setting_words[c->ev.setting[e]]));
	hf_jw_field(w, "began", hf_need_day(call->arena, c->ev.day[e]));
	if (c->ev.los[e] && c->ev.los[e] != HF_POP_NONE)
		hf_jw_field(
		    w, "ended",
		    hf_need_day(call->arena, (uint16_t)(c->ev.day[e] + c->ev.los[e])));
	hf_api_text(w, "provider", c->dict[HF_POP_PROVIDER].text[c->ev.provider[e]]);
	hf_api_text(w, "diagnosis", c->dict[HF_POP_ICD10].text[c->ev.dx[e]]);
	hf_jw_member(w, "why");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		hf_jw_str(w, hf_sv_from(why[i]));
	hf_jw_arr_end(w);
}

static void
write_row(struct hf_call *call, struct hf_jw *w, const struct asking *a,
	  const struct hf_pop_measure *m, const struct hf_pop_behind *row,
	  const struct hf_need_who *who)
{
	const struct hf_pop_columns *c = a->held.c;
	uint16_t practice = hf_pop_practice_on(c, row->person, row->day);

	if (!who->found) /* gone between two looks */
		return;
	hf_jw_obj(w);
	hf_jw_field(w, "patient", who->id);
	hf_jw_field(w, "name", who->name);
	hf_api_text(w, "born", who->born);
	hf_api_text(w, "age", who->age);
	hf_api_text(w, "practice", c->dict[HF_POP_PRACTICE].text[practice]);
	hf_jw_field(w, "day", hf_need_day(call->arena, row->day));
	hf_api_text(w, "amount", amount_words(call->arena, m, row->amount));
	if (row->event != HF_POP_NO_EVENT)
		write_event(call, w, a, row);
	else
		hf_jw_field(w, "what",
			    m->of == HF_POP_OF_DEATHS	? HF_SV("Death")
			    : m->of == HF_POP_OF_VALUES ? HF_SV("Answer")
							: HF_SV("Came often"));
	hf_jw_obj_end(w);
}

/* Of those whom the caller may see, exactly; of the others as any figure leaves. */
static void
write_counts(struct hf_jw *w, const struct hf_behind *one,
	     const struct hf_behind *apart)
{
	struct hf_pop_shown others = hf_pop_show(HF_POP_STRICT5, one->others);

	hf_jw_member(w, "shown");
	hf_jw_int(w, one->shown);
	hf_jw_member(w, "people");
	hf_jw_int(w, one->people);
	hf_jw_member(w, "others");
	if (others.hidden)
		hf_jw_null(w);
	else
		hf_jw_int(w, others.n);
	if (!apart)
		return;
	hf_jw_member(w, "otherSide");
	hf_jw_int(w, apart->shown);
}

static void
write_all(struct hf_call *call, const struct asking *a, const struct hf_pop_measure *m,
	  const struct hf_behind *one, const struct hf_behind *apart)
{
	struct hf_jw w;

	hf_api_begin(call, &w);
	hf_jw_field(&w, "measure", hf_sv_from(m->id));
	hf_jw_field(&w, "version", hf_sv_from(m->version));
	hf_jw_field(&w, "title", hf_sv_from(m->title));
	hf_jw_field(&w, "counted", hf_sv_from(m->counted));
	hf_jw_field(&w, "by", hf_sv_from(hf_pop_by_words[a->ask.ask.by]));
	if (a->at) {
		hf_jw_field(&w, "area", hf_pop_plan_area_id(a->plan, a->at));
		hf_jw_field(&w, "areaName", hf_pop_plan_area_name(a->plan, a->at));
	}
	hf_jw_field(&w, "from", hf_need_day(call->arena, a->ask.ask.from));
	hf_jw_field(&w, "to", hf_need_day(call->arena, a->ask.ask.to));
	hf_jw_field(&w, "side", a->counted ? HF_SV("counted") : HF_SV("not"));
	hf_api_flag(&w, "hasNot", hf_pop_has_not(m));
	hf_api_flag(&w, "names", hf_need_names(call));
	write_counts(&w, one, apart);
	hf_jw_member(&w, "offset");
	hf_jw_int(&w, a->offset);
	hf_jw_member(&w, "rows");
	hf_jw_arr(&w);
	for (size_t i = 0; i < one->n; i++)
		write_row(call, &w, a, m, &one->rows[i], &one->who[i]);
	hf_jw_arr_end(&w);
	hf_api_end(call);
}

static enum hf_rc
answer(struct hf_call *call, const struct asking *a, struct hf_err *err)
{
	const struct hf_pop_framework *f =
	    hf_outcomes_framework(call->server->outcomes);
	const struct hf_pop_measure *m = &f->measures[a->measure];
	struct hf_behind_ask ask = {.plan = a->plan,
				    .c = a->held.c,
				    .measure = m,
				    .weight = a->held.weight,
				    .index = (size_t)a->measure,
				    .area = a->at,
				    .offset = (size_t)a->offset};
	struct hf_behind one, apart;
	bool both = hf_pop_has_not(m) && hf_need_names(call);
	enum hf_rc rc;

	hf_need_look(call);
	rc = hf_behind_look(call, &ask, a->counted, &one, err);
	ask.offset = HF_POP_BEHIND_MOST; /* counted, nobody named */
	if (rc == HF_OK && both)
		rc = hf_behind_look(call, &ask, !a->counted, &apart, err);
	if (rc)
		return rc;
	call->audit_hits = (int64_t)one.n;
	write_all(call, a, m, &one, both ? &apart : NULL);
	return HF_OK;
}

void
hf_api_measure_people(struct hf_call *call)
{
	struct asking a = {.area = hf_call_take_param(call, HF_SV("area")),
			   .period = hf_call_take_param(call, HF_SV("period")),
			   .from = hf_call_take_param(call, HF_SV("from")),
			   .to = hf_call_take_param(call, HF_SV("to")),
			   .side = hf_call_take_param(call, HF_SV("side")),
			   .by = hf_call_take_param(call, HF_SV("by"))};
	struct hf_err err;
	enum hf_rc rc = read_offset(call, &a, &err);

	if (!hf_api_no_params(call))
		return;
	call->audit_id = call->arg[0];
	if (rc == HF_OK)
		rc = prepare(call, &a, &err);
	if (rc == HF_OK)
		rc = answer(call, &a, &err);
	end(call, &a);
	if (rc)
		hf_api_fail(call, &err);
}
