/* api_need_list.c - GET /api/population/lists/{id}: one list, what changed since the
 * one before, and what followed. */
#include "server/api_need.h"
#include "server/serve.h"
#include "server/sharing_write.h"

void hf_api_need_list(struct hf_call *call);

enum { YEAR = 365 };

static const char *
title_of_item(const struct hf_pop_score *s, struct hf_sv id)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (hf_sv_eq(hf_sv_from(s->items[i].id), id))
			return s->items[i].title;
	return "";
}

static void
write_reasons(struct hf_jw *w, const struct hf_pop_score *s, struct hf_sv reasons)
{
	hf_jw_member(w, "reasons");
	hf_jw_arr(w);
	while (reasons.n) {
		struct hf_sv one = hf_sv_cut(&reasons, ' ');

		hf_jw_str(w, hf_sv_from(title_of_item(s, hf_sv_cut(&one, ':'))));
	}
	hf_jw_arr_end(w);
}

static void
write_answer(struct hf_jw *w, const struct hf_need_person *p)
{
	if (p->answer.n == 0)
		return;
	hf_jw_member(w, "answer");
	hf_jw_obj(w);
	hf_jw_field(w, "answer", p->answer);
	hf_api_text(w, "reason", p->reason);
	hf_api_text(w, "task", p->task);
	hf_write_time(w, "at", p->said_at);
	hf_jw_obj_end(w);
}

/* Why they stand there: for whom clinical content of theirs is shown to. */
static void
write_clinical(struct hf_call *call, struct hf_jw *w, const struct hf_need_now *n,
	       const struct hf_need_list *l, const struct hf_pop_score *s,
	       const struct hf_need_person *p, const struct hf_need_who *who)
{
	hf_jw_field(w, "score", hf_need_points(call->arena, s, p->points));
	hf_api_number(w, "efi", p->efi < 0 ? 0 : p->efi);
	hf_api_number(w, "risk", p->risk);
	hf_jw_field(w, "benefit",
		    hf_arena_printf(call->arena, "%.2f", (double)p->benefit / 1000));
	write_reasons(w, s, p->reasons);
	if (who->ordinal != UINT32_MAX) {
		hf_api_number(w, "emergenciesAfter",
			      hf_pop_emergencies(n->c, who->ordinal, l->day));
		if (l->day > 365)
			hf_api_number(w, "emergenciesBefore",
				      hf_pop_emergencies(n->c, who->ordinal,
							 (uint16_t)(l->day - 365)));
		hf_need_write_gaps(w, call->arena, n, who->ordinal);
	}
}

/* Whoever may not see the person sees that somebody stands there, and no more. */
static void
write_row(struct hf_call *call, struct hf_jw *w, const struct hf_need_now *n,
	  const struct hf_need_list *l, const struct hf_pop_score *s, size_t i,
	  const struct hf_need_who *who)
{
	const struct hf_need_person *p = &l->people[i];

	hf_jw_obj(w);
	hf_jw_member(w, "pos");
	hf_jw_int(w, (int64_t)i + 1);
	hf_api_flag(w, "chosen", p->chosen);
	hf_api_flag(w, "shown", who->found);
	if (!who->found) {
		hf_jw_field(w, "why",
			    who->in_record ? HF_SV("not shown to your role")
					   : HF_SV("not in the record"));
		hf_jw_obj_end(w);
		return;
	}
	hf_jw_field(w, "patient", who->id);
	hf_jw_field(w, "name", who->name);
	hf_api_text(w, "born", who->born);
	hf_api_text(w, "age", who->age);
	hf_jw_field(w, "practice", p->practice);
	hf_api_flag(w, "clinical", who->clinical);
	if (who->clinical)
		write_clinical(call, w, n, l, s, p, who);
	write_answer(w, p);
	hf_jw_obj_end(w);
}

/* What became of some people of a list, in the year before and since. */
struct followed {
	int64_t people, before, after, died;
	double expected;
};

/* expected: of people in the same bands of risk a year ago, counted over as many days:
 * a bad year is mostly followed by a better one, whatever is done. */
static void
add_person(struct followed *f, const struct hf_need_now *n,
	   const struct hf_need_list *l, size_t i, uint32_t person)
{
	uint16_t end = n->c->day_last;
	int days = end > l->day ? end - l->day : 0;

	f->people++;
	if (person == UINT32_MAX)
		return;
	days = days > YEAR ? YEAR : days;
	f->after += hf_pop_emergencies(n->c, person, l->day);
	if (l->day > YEAR)
		f->before +=
		    hf_pop_emergencies(n->c, person, (uint16_t)(l->day - YEAR));
	f->died += n->c->persons[person].death_day > l->day &&
		   n->c->persons[person].death_day <= end;
	if (l->people[i].risk >= 0 && l->people[i].risk <= HF_POP_RISK_PREVENTION)
		f->expected += n->rates[l->people[i].risk] * days / YEAR;
}

/* One column of all rows: small ones go, with what they could be told from. */
static void
show(const struct followed *f, size_t n, size_t at, bool exact,
     struct hf_pop_shown out[HF_NEED_COUNTS])
{
	int64_t counts[HF_NEED_COUNTS];

	for (size_t i = 0; i < n; i++)
		counts[i] = at == 0   ? f[i].people
			    : at == 1 ? f[i].before
			    : at == 2 ? f[i].after
			    : at == 3 ? f[i].died
				      : (int64_t)(f[i].expected + 0.5);
	hf_need_show(counts, n, exact, out);
}

static void
write_followed(struct hf_jw *w, const char *const *answers, const struct followed *f,
	       size_t n, bool exact)
{
	static const char *const names[] = {"people", "admissionsBefore",
					    "admissionsAfter", "died", "expected"};
	struct hf_pop_shown shown[HF_COUNT(names)][HF_NEED_COUNTS];

	for (size_t k = 0; k < HF_COUNT(names); k++)
		show(f, n, k, exact, shown[k]);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "answer", hf_sv_from(answers[i]));
		for (size_t k = 0; k < HF_COUNT(names); k++) {
			/* What happened to one to four people is not said either. */
			shown[k][i].hidden |= shown[0][i].hidden;
			hf_need_write_shown(w, names[k], shown[k][i]);
		}
		hf_jw_obj_end(w);
	}
}

/* Who was chosen, by what was answered, and beside them who came next and was not. */
static void
write_impact(struct hf_jw *w, const struct hf_need_now *n, const struct hf_need_list *l,
	     const struct hf_need_who *who, bool exact)
{
	static const char *const answers[] = {"none",	  "proposed",	"accepted",
					      "declined", "unsuitable", "next"};
	struct followed f[HF_COUNT(answers)] = {{0}};

	for (size_t i = 0; i < l->n; i++) {
		const struct hf_need_person *p = &l->people[i];
		size_t at = 0;

		for (size_t a = 1; p->answer.n && a < HF_COUNT(answers); a++)
			if (hf_sv_eq(p->answer, hf_sv_from(answers[a])))
				at = a;
		if (!p->chosen && p->answer.n)
			continue;
		at = p->chosen ? at : HF_COUNT(answers) - 1;
		add_person(&f[at], n, l, i, who[i].ordinal);
	}
	hf_jw_member(w, "impact");
	hf_jw_arr(w);
	write_followed(w, answers, f, HF_COUNT(answers), exact);
	hf_jw_arr_end(w);
	hf_api_number(w, "followedDays",
		      n->c->day_last > l->day ? n->c->day_last - l->day : 0);
}

/* ---- what changed since the version before ---- */

/* Names as on the list itself: decided one by one. */
static enum hf_rc
write_turn(struct hf_call *call, struct hf_jw *w, const struct hf_need_now *n,
	   const struct hf_pop_turn *t, struct hf_err *err)
{
	uint32_t person = hf_pop_person_of(n->c, t->pid);
	struct hf_need_who who = {0};
	enum hf_rc rc = person == UINT32_MAX
			    ? HF_OK
			    : hf_need_read_who(call, n->c, person, &who, err);

	if (rc)
		return rc;
	hf_jw_obj(w);
	hf_api_flag(w, "entered", t->entered);
	hf_api_flag(w, "shown", who.found);
	if (who.found) {
		hf_jw_field(w, "patient", who.id);
		hf_jw_field(w, "name", who.name);
		hf_api_text(w, "born", who.born);
		hf_api_text(w, "age", who.age);
		hf_jw_field(w, "why", hf_sv_from(hf_pop_turn_texts[t->why]));
		hf_api_number(w, "was", t->was);
		hf_api_number(w, "now", t->now);
	}
	hf_jw_obj_end(w);
	return HF_OK;
}

static enum hf_rc
write_turns(struct hf_call *call, struct hf_jw *w, const struct hf_need_now *n,
	    const struct hf_need_list *l, bool exact, struct hf_err *err)
{
	int64_t counts[2] = {0}; /* entered, left */
	struct hf_pop_shown shown[HF_NEED_COUNTS];
	enum hf_rc rc = HF_OK;

	if (l->before == 0)
		return HF_OK;
	for (size_t i = 0; i < l->n_turns; i++)
		counts[!l->turns[i].entered]++;
	hf_need_show(counts, 2, exact, shown);
	hf_jw_member(w, "changed");
	hf_jw_obj(w);
	hf_need_write_shown(w, "entered", shown[0]);
	hf_need_write_shown(w, "left", shown[1]);
	hf_jw_member(w, "people");
	hf_jw_arr(w);
	for (size_t i = 0; rc == HF_OK && i < l->n_turns && hf_need_names(call); i++)
		rc = write_turn(call, w, n, &l->turns[i], err);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	return rc;
}

static const struct hf_pop_score *
score_of(const struct hf_need_now *n, const struct hf_need_list *l)
{
	const struct hf_pop_list_rule *rule = hf_need_rule(n->rules, l->rule);
	int column =
	    rule ? hf_pop_scorer_find(n->now->scorer, hf_sv_from(rule->score)) : -1;
	size_t score, variant;

	if (column < 0)
		return &n->rules->defs.scores[0];
	hf_pop_scorer_column(n->now->scorer, (size_t)column, &score, &variant);
	return &n->rules->defs.scores[score];
}

void
hf_api_need_list(struct hf_call *call)
{
	struct hf_need_live *live = call->server->need;
	const struct hf_need_now *n = NULL;
	struct hf_need_list l;
	struct hf_need_who *who;
	struct hf_need_of scope;
	const struct hf_pop_score *s;
	struct hf_err err;
	struct hf_jw w;
	int64_t id;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_need_number(call, 0, &id, &err);
	if (rc == HF_OK)
		rc = hf_need_live_hold(live, call->now, &n, &err);
	if (rc == HF_OK)
		rc = hf_need_get(call->reader, id, call->arena, &l, &err);
	if (rc == HF_OK)
		rc = hf_need_scope(call, n->c, l.scope, &scope, &err);
	if (rc == HF_OK)
		rc = hf_need_resolve(call, n->c, &l, &who, &err);
	if (rc) {
		hf_need_live_release(live, n);
		hf_api_fail(call, &err);
		return;
	}
	s = score_of(n, &l);
	hf_api_begin(call, &w);
	hf_need_write_head(call, &w, &l, n->rules);
	hf_api_flag(&w, "names", hf_need_names(call));
	hf_jw_field(&w, "scoreTitle", hf_sv_from(s->title));
	write_impact(&w, n, &l, who, hf_need_exact(call, l.scope));
	rc = write_turns(call, &w, n, &l, hf_need_exact(call, l.scope), &err);
	hf_jw_member(&w, "people");
	hf_jw_arr(&w);
	for (size_t i = 0; i < l.n && hf_need_names(call); i++)
		write_row(call, &w, n, &l, s, i, &who[i]);
	hf_jw_arr_end(&w);
	hf_need_live_release(live, n);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}
