/* case_json.c - see case_json.h. */
#include "server/case_json.h"

#include "server/api.h"
#include "server/hub_json.h"

static void
number(struct hf_jw *w, const char *name, int64_t n)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, n);
}

static void
when(struct hf_jw *w, const char *name, hf_time at)
{
	char buf[32];

	if (at != 0 && at != HF_TIME_MAX)
		hf_jw_kv(w, hf_sv_from(name),
			 hf_sv_from(hf_time_format(at, buf, sizeof buf)));
}

/* A code as words. */
static void
words(struct hf_jw *w, const char *name, struct hf_sv role)
{
	char text[80];
	size_t n = role.n < sizeof text ? role.n : sizeof text;

	for (size_t i = 0; i < n; i++)
		text[i] = role.p[i] == '-' ? ' ' : role.p[i];
	hf_api_text(w, name, (struct hf_sv){text, n});
}

void
hf_case_json_person(struct hf_jw *w, struct hf_sv patient, struct hf_sv name,
		    struct hf_sv born, struct hf_sv nhs, hf_time now)
{
	struct hf_date date;

	hf_jw_member(w, "person");
	hf_jw_obj(w);
	hf_api_text(w, "id", patient);
	hf_api_text(w, "name", name);
	hf_api_text(w, "born", born);
	if (hf_date_parse(born, false, &date))
		number(w, "age",
		       hf_age_years(hf_london_day(date.lo + 43200000),
				    hf_london_day(now)));
	hf_api_text(w, "nhs", nhs);
	hf_jw_obj_end(w);
}

void
hf_case_json_part(struct hf_jw *w, const struct hf_pathway *p,
		  const struct hf_case_part *part, hf_pw_set roles)
{
	int role = hf_pw_role(p, part->role);

	hf_jw_obj(w);
	hf_jw_field(w, "key", part->key);
	hf_jw_field(w, "kind", hf_sv_from(part->kind));
	hf_jw_field(w, "title", part->title);
	hf_api_text(w, "role", part->role);
	words(w, "roleText", part->role);
	when(w, "at", part->at);
	when(w, "due", part->due);
	hf_api_flag(w, "mine",
		    role >= 0 ? roles >> role & 1
			      : roles != 0 || strcmp(part->kind, "alert") == 0);
	hf_jw_member(w, "forms");
	hf_jw_arr(w);
	for (size_t i = 0; part->task && i < part->task->n_forms; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "id", hf_sv_from(part->task->forms[i]));
		hf_api_flag(w, "filled", i < 64 && (part->filled >> i & 1));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_case_json_row(struct hf_jw *w, const struct hf_case_row *row, hf_pw_set roles,
		 hf_time now)
{
	const struct hf_pathway *p = row->def->p;

	hf_jw_obj(w);
	hf_jw_field(w, "id", row->id);
	number(w, "version", row->version);
	hf_api_flag(w, "open", row->open);
	hf_api_flag(w, "ended", row->ended);
	hf_jw_member(w, "pathway");
	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(p->id));
	hf_jw_field(w, "version", hf_sv_from(p->version));
	hf_jw_field(w, "title", hf_sv_from(p->title));
	hf_api_flag(w, "newest", row->def->newest);
	hf_jw_obj_end(w);
	hf_jw_field(w, "state", hf_sv_from(p->states[row->state].id));
	hf_jw_field(w, "stateText", hf_sv_from(p->states[row->state].title));
	when(w, "began", row->began);
	when(w, "since", row->since);
	hf_case_json_person(w, row->patient, row->name, row->born, row->nhs, now);
	hf_jw_member(w, "owner");
	hf_jw_obj(w);
	hf_api_text(w, "id", row->owner);
	hf_api_text(w, "name", row->owner_name);
	hf_jw_obj_end(w);
	hf_jw_member(w, "clocks");
	hf_jw_arr(w);
	for (size_t i = 0; i < row->n_clocks; i++)
		hf_hub_json_clock(w, p, &row->clocks[i]);
	hf_jw_arr_end(w);
	when(w, "next", row->next);
	hf_jw_member(w, "tasks");
	hf_jw_arr(w);
	for (size_t i = 0; i < row->n_parts; i++)
		hf_case_json_part(w, p, &row->parts[i], roles);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_case_json_need(struct hf_jw *w, const struct hf_pw_fact *f,
		  const struct hf_case_fact *known)
{
	hf_jw_obj(w);
	hf_jw_field(w, "fact", hf_sv_from(f->id));
	hf_jw_field(w, "title", hf_sv_from(f->title));
	hf_jw_field(w, "kind", hf_sv_from(hf_next_kind(f)));
	if (f->kind == HF_PW_INTEGER) {
		number(w, "min", f->min);
		number(w, "max", f->max);
	}
	hf_jw_member(w, "codes");
	hf_jw_arr(w);
	for (size_t i = 0; f->kind == HF_PW_CODE && i < f->n_codes; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(f->codes[i]));
		words(w, "text", hf_sv_from(f->codes[i]));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_api_flag(w, "known", known->known);
	if (known->known) {
		hf_jw_member(w, "value");
		hf_jw_raw(w, known->json);
		hf_jw_field(w, "from",
			    known->recorded ? HF_SV("record") : HF_SV("said"));
		when(w, "at", known->at);
	} else {
		hf_api_text(w, "why", hf_sv_from(known->why ? known->why : ""));
	}
	hf_jw_obj_end(w);
}
