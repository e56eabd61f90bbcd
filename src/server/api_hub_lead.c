/* api_hub_lead.c - is the hub keeping up? */
#include "server/api_hub_lead.h"

#include <stdlib.h>

#include "hub/words.h"
#include "record/person_text.h"
#include "server/geometry.h"
#include "server/serve.h"

void hf_api_hub_lead(struct hf_call *call);

enum {
	THRESHOLD = 70, /* percent, R-2.11 */
	BREACH_DAYS = 7,
	BREACHES_SHOWN = 100
};

static struct hf_sv
word_text(enum hf_hub_list list, struct hf_sv code)
{
	const struct hf_hub_word *word = hf_hub_word(list, code);

	return word ? hf_sv_from(word->text) : (struct hf_sv){NULL, 0};
}

/* ---- figures ---- */

static void
put_arrivals(struct hf_lead_look *l, const struct hf_lead_figures *f)
{
	hf_jw_member(&l->w, "arrivals");
	hf_jw_arr(&l->w);
	for (size_t i = 0; i < HF_LEAD_HOURS; i++) {
		hf_jw_obj(&l->w);
		hf_lead_put_time(&l->w, "hour", f->hours[i]);
		hf_lead_put_number(&l->w, "n", f->arrivals[i]);
		hf_jw_obj_end(&l->w);
	}
	hf_jw_arr_end(&l->w);
}

static void
put_triage(struct hf_lead_look *l, const struct hf_lead_figures *f)
{
	struct hf_jw *w = &l->w;

	hf_jw_member(w, "triage");
	hf_jw_arr(w);
	for (size_t i = 0; i < 2; i++) {
		const struct hf_lead_triage *t = &f->triage[i];

		hf_jw_obj(w);
		hf_jw_member(w, "urgent");
		hf_jw_bool(w, i == 0);
		hf_lead_put_number(w, "n", t->n);
		hf_lead_put_number(w, "late", t->late);
		hf_lead_put_number(w, "waiting", t->waiting);
		hf_lead_put_span(w, "medianMs", t->median_ms);
		hf_lead_put_span(w, "p90Ms", t->p90_ms);
		hf_lead_put_span(w, "grossMs", t->gross_ms);
		hf_lead_put_span(w, "oldestMs", t->oldest_ms);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_waits(struct hf_lead_look *l, const struct hf_lead_figures *f)
{
	struct hf_jw *w = &l->w;

	hf_jw_member(w, "waits");
	hf_jw_arr(w);
	for (size_t i = 0; i < f->n_waits; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "urgency", f->waits[i].urgency);
		hf_jw_field(w, "text",
			    word_text(HF_HUB_URGENCIES, f->waits[i].urgency));
		hf_lead_put_number(w, "n", f->waits[i].n);
		hf_lead_put_number(w, "late", f->waits[i].late);
		hf_lead_put_span(w, "oldestMs", f->waits[i].oldest_ms);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_months(struct hf_lead_look *l, const struct hf_lead_figures *f)
{
	struct hf_jw *w = &l->w;

	hf_lead_put_number(w, "threshold", THRESHOLD);
	hf_jw_member(w, "months");
	hf_jw_arr(w);
	for (size_t i = 0; i < HF_LEAD_MONTHS; i++) {
		const struct hf_lead_month *m = &f->months[i];

		hf_jw_obj(w);
		hf_jw_field(w, "month",
			    hf_arena_printf(l->call->arena, "%04d-%02d", (int)m->year,
					    m->month));
		hf_lead_put_number(w, "scope", m->scope);
		hf_lead_put_number(w, "contacts", m->contacts);
		hf_lead_put_number(w, "met", m->met);
		hf_lead_put_number(w, "all", m->all);
		hf_jw_member(w, "excluded");
		hf_jw_arr(w);
		for (enum hf_lead_exit e = HF_EXIT_NONE + 1; e < HF_EXITS; e++) {
			if (!m->excluded[e])
				continue;
			hf_jw_obj(w);
			hf_jw_field(w, "code", hf_sv_from(hf_lead_exit_code(e)));
			hf_jw_field(w, "text", hf_sv_from(hf_lead_exit_text(e)));
			hf_lead_put_number(w, "n", m->excluded[e]);
			hf_jw_obj_end(w);
		}
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_unmet(struct hf_lead_look *l, const struct hf_lead_figures *f)
{
	struct hf_jw *w = &l->w;

	hf_jw_member(w, "unmet");
	hf_jw_arr(w);
	for (size_t i = 0; i < f->n_unmet; i++) {
		const struct hf_lead_unmet *u = &f->unmet[i];

		hf_jw_obj(w);
		hf_api_text(w, "locality", u->locality);
		hf_api_text(w, "localityName", hf_lead_locality(l, u->locality));
		hf_api_text(w, "service", u->service);
		hf_api_text(w, "serviceText", word_text(HF_HUB_SERVICES, u->service));
		hf_lead_put_time(w, "hour", u->hour);
		hf_lead_put_number(w, "n", u->n);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* ---- breaches (R-2.18) ---- */

struct late {
	size_t referral, breach; /* indexes */
	hf_time at;
	bool reasoned;
};

/* Those without a reason first, then the newest. */
static int
by_need(const void *a, const void *b)
{
	const struct late *x = a, *y = b;

	if (x->reasoned != y->reasoned)
		return x->reasoned ? 1 : -1;
	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return x->referral < y->referral ? -1 : x->referral > y->referral;
}

static void
put_breach(struct hf_lead_look *l, const struct late *b)
{
	const struct hf_lead_breach *breach =
	    &l->list.items[b->referral].breaches[b->breach];
	const struct hf_pw_clock *clock = &l->p->clocks[breach->clock];
	struct hf_jw *w = &l->w;

	hf_jw_obj(w);
	hf_jw_field(w, "clock", hf_sv_from(clock->id));
	hf_jw_field(w, "clockTitle", hf_sv_from(clock->title));
	hf_lead_put_time(w, "at", breach->at);
	hf_api_text(w, "reason", breach->reason);
	hf_api_text(w, "reasonText", word_text(HF_HUB_BREACHES, breach->reason));
	hf_api_text(w, "note", breach->note);
	hf_jw_member(w, "row");
	hf_lead_put_row(l, b->referral);
	hf_jw_obj_end(w);
}

static void
put_reasons(struct hf_lead_look *l, const struct late *all, size_t n)
{
	size_t n_words;
	const struct hf_hub_word *words = hf_hub_words(HF_HUB_BREACHES, &n_words);
	struct hf_jw *w = &l->w;

	hf_jw_member(w, "breachReasons");
	hf_jw_arr(w);
	for (size_t k = 0; k <= n_words; k++) {
		struct hf_sv code = k ? hf_sv_from(words[k - 1].code) : HF_SV("");
		int64_t count = 0;

		for (size_t i = 0; i < n; i++)
			count += hf_sv_eq(l->list.items[all[i].referral]
					      .breaches[all[i].breach]
					      .reason,
					  code);
		if (!count)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "reason", code);
		hf_jw_field(w, "text",
			    k ? hf_sv_from(words[k - 1].text) : HF_SV("No reason yet"));
		hf_lead_put_number(w, "n", count);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static enum hf_rc
put_breaches(struct hf_lead_look *l, struct hf_err *err)
{
	hf_time since = l->call->now - BREACH_DAYS * 86400000LL;
	struct late *all;
	size_t n = 0;

	for (size_t i = 0; i < l->list.n; i++)
		n += l->list.items[i].n_breaches;
	all = hf_arena_array(l->call->arena, n + 1, sizeof *all);
	if (!all)
		return hf_fail(err, HF_TOO_LONG, NULL, "there are too many breaches");
	n = 0;
	for (size_t i = 0; i < l->list.n; i++)
		for (size_t k = 0; k < l->list.items[i].n_breaches; k++) {
			const struct hf_lead_breach *b = &l->list.items[i].breaches[k];

			if (b->at >= since && b->at <= l->call->now)
				all[n++] = (struct late){i, k, b->at, b->reason.n != 0};
		}
	if (n)
		qsort(all, n, sizeof *all, by_need);
	hf_lead_put_number(&l->w, "breachDays", BREACH_DAYS);
	put_reasons(l, all, n);
	hf_jw_member(&l->w, "breaches");
	hf_jw_arr(&l->w);
	for (size_t i = 0; i < n && i < BREACHES_SHOWN; i++)
		put_breach(l, &all[i]);
	hf_jw_arr_end(&l->w);
	return HF_OK;
}

/* ---- localities ---- */

static bool
serves(const struct hf_team *team, struct hf_sv locality)
{
	for (size_t i = 0; i < team->localities.n; i++)
		if (hf_sv_eq(team->localities.items[i], locality))
			return true;
	return team->localities.n == 0 && team->postcodes.n == 0;
}

static void
put_locality(struct hf_lead_look *l, const struct hf_lead_figures *f,
	     const struct hf_hub_teams *teams, const struct hf_locality *at)
{
	int64_t staffed = 0, committed = 0, free = 0;
	struct hf_jw *w = &l->w;
	unsigned open = 0, late = 0;

	for (size_t i = 0; i < f->n_places; i++)
		if (hf_sv_eq(f->places[i].locality, at->id)) {
			open = f->places[i].open;
			late = f->places[i].late;
		}
	for (size_t i = 0; i < teams->directory.n; i++) {
		const struct hf_capacity *c = &teams->choices[i].capacity;

		if (!teams->directory.items[i].active ||
		    !serves(&teams->directory.items[i], at->id))
			continue;
		staffed += c->staffed;
		committed += c->committed;
		free += c->free;
	}
	hf_jw_obj(w);
	hf_jw_field(w, "id", at->id);
	hf_jw_field(w, "name", at->name);
	hf_lead_put_number(w, "open", open);
	hf_lead_put_number(w, "late", late);
	hf_lead_put_number(w, "staffed", staffed);
	hf_lead_put_number(w, "committed", committed);
	hf_lead_put_number(w, "free", free);
	if (staffed)
		hf_lead_put_number(w, "load", committed * 100 / staffed);
	hf_geometry_put(w, at->polygon, l->call->arena);
	hf_jw_obj_end(w);
}

static enum hf_rc
put_places(struct hf_lead_look *l, const struct hf_lead_figures *f, struct hf_err *err)
{
	struct hf_hub_teams teams;
	enum hf_rc rc = hf_hub_teams(l->call->server->hub, (struct hf_sv){NULL, 0},
				     NULL, l->call->now, l->call->arena, &teams, err);

	if (rc)
		return rc;
	hf_jw_member(&l->w, "localities");
	hf_jw_arr(&l->w);
	for (size_t i = 0; i < l->n_localities; i++)
		put_locality(l, f, &teams, &l->localities[i]);
	hf_jw_arr_end(&l->w);
	return hf_lead_put_opel(l, err);
}

/* ---- GET /api/hub/lead ---- */

void
hf_api_hub_lead(struct hf_call *call)
{
	struct hf_arena all = {.cap = 1U << 30};
	struct hf_lead_figures f;
	struct hf_lead_look l;
	struct hf_err err;
	enum hf_rc rc;

	call->audit_type = hf_resource_find(HF_SV("Task"));
	if (!hf_api_no_params(call))
		return;
	rc = hf_lead_look(&l, call, &all, &err);
	if (rc == HF_OK)
		rc = hf_lead_count(l.list.items, l.list.n, call->now, &all, &f, &err);
	if (rc == HF_OK) {
		hf_api_begin(call, &l.w);
		hf_lead_put_time(&l.w, "at", call->now);
		put_arrivals(&l, &f);
		put_triage(&l, &f);
		put_waits(&l, &f);
		put_months(&l, &f);
		put_unmet(&l, &f);
		rc = put_breaches(&l, &err);
	}
	if (rc == HF_OK)
		rc = put_places(&l, &f, &err);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
	hf_arena_free(&all);
}
