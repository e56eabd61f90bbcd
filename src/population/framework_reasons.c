/* framework_reasons.c - see framework_reasons.h. */
#include "population/framework_reasons.h"

#include "population/framework_plan.h"

static const struct {
	const char *words;
	unsigned below;
} gaps[HF_POP_GAPS] = {{"0 to 2 days", 3},
		       {"3 to 7 days", 8},
		       {"8 to 14 days", 15},
		       {"15 days and more", 0}};

static size_t
gap_of(const struct hf_pop_events *ev, uint64_t left, uint64_t again)
{
	unsigned days = ev->day[again] - ((unsigned)ev->day[left] + ev->los[left]);
	size_t g = 0;

	while (gaps[g].below && days >= gaps[g].below)
		g++;
	return g;
}

static uint16_t
area_of(const struct hf_pop_plan *p, uint32_t person, uint64_t e, uint16_t day, int age)
{
	if (p->ask.by == HF_POP_BY_PROVIDER)
		return p->c->ev.provider[e];
	return hf_pop_plan_area(p, person, hf_pop_plan_practice(p, person, day), day,
				p->step_of[day], age);
}

static void
count_person(const struct hf_pop_plan *p, const struct hf_pop_measure *m, size_t area,
	     uint32_t person, struct hf_pop_reasons *out)
{
	const struct hf_pop_events *ev = &p->c->ev;
	int64_t weight = p->ask.weight ? p->ask.weight[person] : 1;

	for (uint64_t e = p->c->ev_first[person];
	     weight && e < p->c->ev_first[person + 1]; e++) {
		struct look l = {.plan = p, .event = e};
		uint32_t day = ev->day[e] + (m->by_end ? (uint32_t)ev->los[e] : 0);
		uint16_t at;
		uint64_t again;
		uint8_t chapter;

		if (day < p->from || day >= p->to || (ev->flags[e] & HF_POP_F_OPEN))
			continue;
		l.age = hf_pop_plan_age(p, person, ev->day[e]);
		if (!hf_pop_counts(m, &l) || !hf_pop_readmission(p, m, e, &again))
			continue;
		at = area_of(p, person, e, (uint16_t)day, l.age);
		if (at == 0 || (area && at != area))
			continue;
		chapter = p->chapter[ev->dx[again]];
		out->n += weight;
		out->chapter[chapter][chapter == p->chapter[ev->dx[e]]] += weight;
		out->gap[gap_of(ev, e, again)] += weight;
	}
}

enum hf_rc
hf_pop_reasons_count(const struct hf_pop_plan *p, size_t measure, size_t area,
		     struct hf_pop_reasons *out, struct hf_err *err)
{
	const struct hf_pop_measure *m = &p->f->measures[measure];

	if (m->link.kind != HF_POP_AGAIN)
		return hf_fail(err, HF_INVALID, "id",
			       "only a measure of readmissions has reasons");
	*out = (struct hf_pop_reasons){.n = 0};
	for (uint32_t i = 0; i < p->c->n_persons; i++)
		if (!p->ask.only || p->ask.only[i / 64] >> (i % 64) & 1)
			count_person(p, m, area, i, out);
	return HF_OK;
}

static void
shown(struct hf_jw *w, const char *name, struct hf_pop_shown s)
{
	hf_jw_key(w, hf_sv_from(name));
	if (s.hidden)
		hf_jw_null(w);
	else
		hf_jw_int(w, s.n);
}

void
hf_pop_reasons_json(const struct hf_pop_reasons *r, enum hf_pop_sdc sdc,
		    struct hf_jw *w)
{
	struct hf_pop_shown table[(HF_POP_CHAPTERS + 1) * 3],
	    row[2 * (HF_POP_GAPS + 1)];

	hf_pop_show_table(sdc, &r->chapter[0][0], HF_POP_CHAPTERS, 2, table);
	hf_pop_show_table(sdc, r->gap, 1, HF_POP_GAPS, row);
	shown(w, "n", hf_pop_show(sdc, r->n));
	hf_jw_member(w, "reasons");
	hf_jw_arr(w);
	for (size_t c = 0; c < HF_POP_CHAPTERS; c++) {
		if (r->chapter[c][0] + r->chapter[c][1] == 0)
			continue;
		hf_jw_obj(w);
		hf_jw_kv(w, HF_SV("chapter"), hf_sv_from(hf_pop_chapter_words[c]));
		shown(w, "other", table[c * 3]);
		shown(w, "same", table[c * 3 + 1]);
		shown(w, "n", table[c * 3 + 2]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "gaps");
	hf_jw_arr(w);
	for (size_t g = 0; g < HF_POP_GAPS; g++) {
		hf_jw_obj(w);
		hf_jw_kv(w, HF_SV("days"), hf_sv_from(gaps[g].words));
		shown(w, "n", row[g]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}
