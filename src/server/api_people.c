/* api_people.c - person search, and facts and lines as JSON. */
#include "server/api.h"

#include "record/person_text.h"

void hf_api_people(struct hf_call *call);

enum { LINES = 50 };

void
hf_api_line(struct hf_jw *w, const struct hf_person_line *l)
{
	hf_jw_field(w, "id", l->id);
	hf_jw_field(w, "name", l->name);
	hf_api_text(w, "born", l->born);
	hf_api_text(w, "bornText", l->born_text);
	hf_api_text(w, "age", l->age);
	hf_api_text(w, "died", l->died);
	hf_api_flag(w, "deceased", l->deceased);
	hf_api_text(w, "sex", l->sex);
	hf_api_text(w, "nhsNumber", l->number);
	hf_api_text(w, "nhsNumberStatus", l->number_status);
	hf_api_flag(w, "nhsNumberVerified", l->verified);
	hf_api_text(w, "address", l->address);
	hf_api_text(w, "practice", l->practice);
	if (l->match.n) {
		struct hf_sv rest = l->match;

		hf_jw_member(w, "match");
		hf_jw_arr(w);
		while (rest.n)
			hf_jw_str(w, hf_sv_cut(&rest, '|'));
		hf_jw_arr_end(w);
	}
}

void
hf_api_fact(struct hf_jw *w, const struct hf_person_fact *f, struct hf_arena *arena)
{
	char text[32];

	hf_jw_obj(w);
	hf_jw_field(w, "ref",
		    hf_arena_printf(arena, "%s/%.*s", hf_type_get(f->e.type)->name,
				    HF_SV_ARG(f->id)));
	hf_jw_field(w, "kind", hf_sv_from(hf_person_kind_code(f->kind)));
	hf_jw_field(w, "kindText", f->word);
	hf_jw_field(w, "title", f->title);
	hf_api_text(w, "value", f->value);
	hf_api_text(w, "flag", f->flag);
	hf_api_text(w, "flagText", f->flag_text);
	hf_api_text(w, "detail", f->detail);
	hf_api_text(w, "status", f->status);
	hf_api_text(w, "at", f->at);
	hf_api_text(w, "until", f->until);
	hf_api_text(w, "day", hf_day_key(f->at, arena));
	hf_api_text(w, "dayText", hf_day_words(f->at, arena));
	hf_api_text(w, "time", hf_clock_words(f->at, arena));
	hf_api_text(w, "atText", hf_date_words(f->at, arena));
	if (f->instant)
		hf_jw_field(w, "instant",
			    hf_sv_from(hf_time_format(f->instant, text, sizeof(text))));
	hf_api_text(w, "by", f->by);
	hf_api_text(w, "org", f->org);
	hf_api_text(w, "orgRef", f->org_ref);
	hf_jw_field(w, "setting", hf_sv_from(hf_setting_code(f->setting)));
	hf_jw_field(w, "settingText", hf_sv_from(hf_setting_text(f->setting)));
	hf_jw_obj_end(w);
}

void
hf_api_facts(struct hf_jw *w, const char *name, const struct hf_person_facts *facts,
	     struct hf_arena *arena)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < facts->n; i++)
		hf_api_fact(w, &facts->items[i], arena);
	hf_jw_arr_end(w);
}

/* ---- what the search was taken to mean ---- */

static void
understood(struct hf_jw *w, const char *kind, struct hf_sv text)
{
	hf_jw_obj(w);
	hf_jw_field(w, "kind", hf_sv_from(kind));
	hf_jw_field(w, "text", text);
	hf_jw_obj_end(w);
}

static struct hf_sv
upper(struct hf_sv s, struct hf_arena *arena)
{
	struct hf_sv copy = hf_arena_sv(arena, s);
	char *p = (char *)(uintptr_t)copy.p;

	for (size_t i = 0; p && i < copy.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 32);
	return copy;
}

static void
write_understood(struct hf_call *call, struct hf_jw *w, const struct hf_person_query *q)
{
	struct hf_sv births = {NULL, 0};
	char number[16];

	hf_jw_member(w, "understood");
	hf_jw_arr(w);
	for (size_t i = 0; i < q->n_names; i++)
		understood(w, "name", q->names[i]);
	for (size_t i = 0; i < q->n_births; i++)
		births = hf_arena_printf(call->arena, "%.*s%s%.*s", HF_SV_ARG(births),
					 births.n ? " or " : "",
					 HF_SV_ARG(q->births[i].text));
	if (births.n)
		understood(w, "born", births);
	if (q->has_number)
		understood(
		    w, "NHS number",
		    hf_sv_from(hf_nhs_format(&q->number, number, sizeof(number))));
	if (q->postcode.n)
		understood(w, "postcode", upper(q->postcode, call->arena));
	hf_jw_arr_end(w);
}

void
hf_api_people(struct hf_call *call)
{
	struct hf_sv text = hf_call_param(call, HF_SV("q"));
	struct hf_sv after = hf_call_param(call, HF_SV("after"));
	struct hf_person_found found;
	struct hf_err err;
	struct hf_jw w;
	size_t limit;
	enum hf_rc rc = hf_api_limit(call, LINES, &limit, &err);

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	hf_call_take_param(call, HF_SV("q"));
	hf_call_take_param(call, HF_SV("after"));
	hf_call_take_param(call, HF_SV("limit"));
	if (!hf_api_no_params(call))
		return;
	if (rc == HF_OK)
		rc = hf_person_find(call->store, call->reader, text, after, limit,
				    call->now, call->arena, &found, &err);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	call->audit_hits = (int64_t)found.n;
	hf_api_begin(call, &w);
	hf_jw_field(&w, "q", text);
	write_understood(call, &w, &found.query);
	hf_jw_member(&w, "people");
	hf_jw_arr(&w);
	for (size_t i = 0; i < found.n; i++) {
		hf_call_saw(call, found.lines[i].rid);
		hf_jw_obj(&w);
		hf_api_line(&w, &found.lines[i]);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_flag(&w, "more", found.more);
	hf_api_text(&w, "next", found.next);
	hf_api_text(&w, "hint", found.hint);
	hf_api_end(call);
}
