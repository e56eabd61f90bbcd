/* api_agenda.c - what a team's meeting talks about: who was proposed to it, what was
 * agreed, and what followed.  docs/interfaces/need.md. */
#include <stdlib.h>

#include "base/time.h"
#include "server/api_need.h"
#include "server/outcomes.h"
#include "server/proposal.h"
#include "server/serve.h"

void hf_api_agenda(struct hf_call *call);

enum { OPEN_MOST = 200, PAST_MOST = 50, PAST_DAYS = 62, ARENA = 16 << 20 };

/* ---- GET /api/population/agenda ---- */

struct item {
	struct hf_proposal p;
	int64_t shelf;	 /* of the person */
	uint32_t person; /* of the columns; UINT32_MAX: not there */
	bool open;
	hf_time closed;
};

struct agenda {
	struct hf_call *call;
	struct item *items;
	size_t n, open, past; /* kept */
	int64_t more;	      /* open ones beyond what is kept */
};

static hf_time
when(struct hf_sv text)
{
	struct hf_date d;

	return hf_date_parse(text, false, &d) ? d.lo : 0;
}

/* Texts of p lie in scratch: they are copied. */
static bool
copy(struct hf_proposal *p, struct hf_arena *arena)
{
	struct hf_sv *texts[] = {&p->id,	&p->status,   &p->outcome,
				 &p->title,	&p->patient,  &p->team,
				 &p->requester, &p->authored, &p->modified};
	bool good = true;

	for (size_t i = 0; i < HF_COUNT(texts); i++)
		if (texts[i]->n) {
			*texts[i] = hf_arena_sv(arena, *texts[i]);
			good &= texts[i]->p != NULL;
		}
	for (size_t i = 0; i < p->n_notes; i++) {
		p->notes[i] = hf_arena_sv(arena, p->notes[i]);
		good &= p->notes[i].p != NULL;
	}
	return good;
}

static enum hf_rc
take(void *of, const struct hf_proposal *p, struct hf_arena *scratch HF_UNUSED,
     struct hf_err *err)
{
	struct agenda *a = of;
	struct item it = {.p = *p,
			  .shelf = HF_RID_SHELF(p->rid),
			  .person = UINT32_MAX,
			  .open = hf_proposal_open(p),
			  .closed = when(p->modified)};

	if (!it.open && (!hf_sv_among(p->status, "completed rejected") ||
			 a->call->now - it.closed > PAST_DAYS * (hf_time)86400000))
		return HF_OK;
	if (it.open ? a->open == OPEN_MOST : a->past == PAST_MOST) {
		a->more += it.open;
		return HF_OK;
	}
	if (!copy(&it.p, a->call->arena))
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the agenda");
	a->items[a->n++] = it;
	a->open += it.open;
	a->past += !it.open;
	return HF_OK;
}

/* Open ones by when they were put there; past ones the newest first. */
static int
order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	hf_time tx = x->open ? when(x->p.authored) : -x->closed;
	hf_time ty = y->open ? when(y->p.authored) : -y->closed;

	if (x->open != y->open)
		return x->open ? -1 : 1;
	if (tx != ty)
		return tx < ty ? -1 : 1;
	return (x->p.rid > y->p.rid) - (x->p.rid < y->p.rid);
}

/* Whose of the columns the items are: one pass for all. */
static void
find_people(struct agenda *a, const struct hf_pop_columns *c)
{
	for (uint32_t p = 0; c && p < c->n_persons; p++) {
		int64_t shelf = hf_pop_shelf_of(c, p);

		for (size_t i = 0; shelf && i < a->n; i++)
			if (a->items[i].shelf == shelf)
				a->items[i].person = p;
	}
}

/* Emergency admissions since they were talked about: clinical, as far as that goes. */
static void
write_after(struct hf_jw *w, const struct hf_pop_columns *c, const struct item *it)
{
	int64_t day = it->closed / 86400000 - HF_POP_DAY_ZERO;

	if (!c || it->open || it->person == UINT32_MAX || day < 0 || day >= HF_POP_NONE)
		return;
	hf_jw_member(w, "emergenciesAfter");
	hf_jw_int(w, hf_pop_emergencies(c, it->person, (uint16_t)day));
}

static enum hf_rc
write_item(struct agenda *a, struct hf_jw *w, const struct hf_pop_columns *c,
	   const struct item *it, struct hf_err *err)
{
	struct hf_call *call = a->call;
	struct hf_need_who who;
	enum hf_rc rc = hf_need_read_shelf(call, it->shelf, &who, err);

	if (rc)
		return rc;
	hf_jw_obj(w);
	hf_jw_field(w, "task", it->p.id);
	hf_jw_member(w, "version");
	hf_jw_int(w, it->p.version);
	hf_api_flag(w, "shown", who.found);
	if (who.found) {
		hf_jw_field(w, "patient", who.id);
		hf_jw_field(w, "name", who.name);
		hf_api_text(w, "born", who.born);
		hf_api_text(w, "age", who.age);
		hf_api_text(w, "title", it->p.title);
		hf_jw_member(w, "notes");
		hf_jw_arr(w);
		for (size_t i = 0; i < it->p.n_notes; i++)
			hf_jw_str(w, it->p.notes[i]);
		hf_jw_arr_end(w);
		if (who.clinical)
			write_after(w, c, it);
	}
	hf_jw_field(w, "at", it->p.authored);
	if (!it->open) {
		hf_jw_field(w, "closed", it->p.modified);
		hf_api_text(w, "outcome", it->p.outcome);
	}
	hf_jw_obj_end(w);
	return HF_OK;
}

static enum hf_rc
write_items(struct agenda *a, struct hf_jw *w, const char *name, bool open,
	    const struct hf_pop_columns *c, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; rc == HF_OK && i < a->n; i++)
		if (a->items[i].open == open)
			rc = write_item(a, w, c, &a->items[i], err);
	hf_jw_arr_end(w);
	return rc;
}

void
hf_api_agenda(struct hf_call *call)
{
	struct hf_sv team = hf_call_take_param(call, HF_SV("team"));
	struct hf_pop_live *live = hf_outcomes_live(call->server->outcomes);
	const struct hf_pop_columns *c = NULL;
	struct agenda a = {.call = call};
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc = HF_OK;

	if (!hf_api_no_params(call))
		return;
	if (!hf_need_names(call))
		rc = hf_fail(&err, HF_FORBIDDEN, NULL,
			     "an agenda is for who looks after the people on it");
	else if (!team.n || !hf_hub_has_team(call->server->hub, team))
		rc = hf_fail(&err, HF_INVALID, "team",
			     "say which team: its id, as /api/population/lists gives "
			     "it");
	a.items = hf_arena_array(call->arena, OPEN_MOST + PAST_MOST, sizeof *a.items);
	if (rc == HF_OK && !a.items)
		rc = hf_fail(&err, HF_TOO_LONG, NULL, "no memory for the agenda");
	hf_need_look(call);
	if (rc == HF_OK)
		rc = hf_proposal_each(call->reader, team, take, &a, &err);
	if (rc == HF_OK) {
		if (a.n)
			qsort(a.items, a.n, sizeof *a.items, order);
		c = hf_pop_hold(live); /* NULL while it is being read: less is said */
		find_people(&a, c);
		hf_api_begin(call, &w);
		hf_jw_field(&w, "team", team);
		rc = write_items(&a, &w, "open", true, c, &err);
		if (rc == HF_OK)
			rc = write_items(&a, &w, "past", false, c, &err);
		hf_api_number(&w, "more", a.more);
		hf_pop_release(live, c);
	}
	call->audit_hits = (int64_t)a.n;
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}
