/* api_hub_opel.c - the level of pressure that the hub's own figures make: what
 * else the document asks for is said to be not known. */
#include "server/api_hub_lead.h"

#include "place/opel.h"

enum { KNOWN_MOST = 4 };

/* Slots of urgent response that are free, in percent of those staffed; below 0: none
 * are staffed. */
static int64_t
free_slots(const struct hf_hub_teams *teams)
{
	int64_t staffed = 0, free = 0;

	for (size_t i = 0; i < teams->directory.n; i++) {
		const struct hf_team *t = &teams->directory.items[i];
		struct hf_capacity c;

		if (!t->active || !hf_sv_is(t->service, "ucr"))
			continue;
		c = teams->choices[i].capacity;
		staffed += c.staffed;
		free += c.staffed > c.committed ? c.staffed - c.committed : 0;
	}
	return staffed ? free * 100 / staffed : -1;
}

static size_t
known_values(const struct hf_hub_teams *teams, const struct hf_lead_figures *f,
	     struct hf_opel_value values[KNOWN_MOST])
{
	const struct hf_lead_month *m = &f->months[0];
	int64_t free = free_slots(teams);
	size_t n = 0;

	if (free >= 0)
		values[n++] = (struct hf_opel_value){
		    HF_SV("community"), HF_SV("ucr-free"), hf_decimal_from_int(free)};
	if (m->contacts)
		values[n++] = (struct hf_opel_value){
		    HF_SV("community"), HF_SV("two-hours"),
		    hf_decimal_from_int((int64_t)m->met * 100 / m->contacts)};
	return n;
}

static void
put_pillar(struct hf_jw *w, const struct hf_opel *opel, const struct hf_opel_result *r,
	   size_t i)
{
	const struct hf_opel_pillar *p = &opel->pillars[i];

	hf_jw_obj(w);
	hf_jw_field(w, "title", hf_sv_from(p->title));
	hf_lead_put_number(w, "level", r->pillars[i].level);
	hf_lead_put_number(w, "known", r->pillars[i].known);
	hf_jw_member(w, "parts");
	hf_jw_arr(w);
	for (size_t k = 0; k < p->n; k++) {
		char text[HF_DECIMAL_TEXT];
		size_t n = hf_decimal_format(r->pillars[i].parameters[k].value, text);

		hf_jw_obj(w);
		hf_jw_field(w, "title", hf_sv_from(p->parameters[k].title));
		hf_api_text(w, "unit", hf_sv_from(p->parameters[k].unit));
		if (r->pillars[i].parameters[k].known && n) {
			hf_jw_member(w, "value");
			hf_jw_raw(w, (struct hf_sv){text, n});
			hf_lead_put_number(w, "score",
					   r->pillars[i].parameters[k].score);
		}
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_lead_put_opel(struct hf_lead_look *l, const struct hf_hub_teams *teams,
		 const struct hf_lead_figures *f)
{
	struct hf_opel_value values[KNOWN_MOST];
	struct hf_opel_result *r = HF_NEW(l->call->arena, struct hf_opel_result);
	struct hf_opel *opel = HF_NEW(l->call->arena, struct hf_opel);
	struct hf_issues issues = {.arena = l->call->arena};
	struct hf_jw *w = &l->w;

	if (!r || !opel || hf_n_opel_builtin == 0 ||
	    hf_opel_load(hf_opel_builtin[0].name, hf_opel_builtin[0].text,
			 l->call->arena, &issues, opel, NULL) != HF_OK)
		return;
	hf_opel_evaluate(opel, values, known_values(teams, f, values), r);
	hf_jw_member(w, "opel");
	hf_jw_obj(w);
	hf_jw_field(w, "title", hf_sv_from(opel->title));
	hf_lead_put_number(w, "level", r->level);
	hf_jw_member(w, "demonstration");
	hf_jw_bool(w, opel->demonstration);
	hf_lead_put_number(w, "least", opel->least);
	hf_jw_member(w, "pillars");
	hf_jw_arr(w);
	for (size_t i = 0; i < opel->n; i++)
		if (r->pillars[i].known)
			put_pillar(w, opel, r, i);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}
