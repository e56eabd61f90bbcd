/* api_person.c - the person page: all of its first screen in one answer, then the
 * timeline page by page, its sources, and one entry whole. */
#include "server/api_limits.h"

#include "record/person_text.h"

void hf_api_person(struct hf_call *call);
void hf_api_person_timeline(struct hf_call *call);
void hf_api_person_sources(struct hf_call *call);
void hf_api_resource(struct hf_call *call);

enum { FIRST = 50, ENTRIES = 200 };

static struct hf_sv
ref_of(struct hf_call *call, const struct hf_entry *e, struct hf_sv id)
{
	return hf_arena_printf(call->arena, "%s/%.*s", hf_type_get(e->type)->name,
			       HF_SV_ARG(id));
}

/* Opens the person named in the address; false when it has answered. */
static bool
open_person(struct hf_call *call, struct hf_person **out)
{
	struct hf_err err;

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	call->audit_id = call->arg[0];
	if (hf_person_open(call->store, call->reader, call->arg[0], call->now,
			   call->arena, out, &err) == HF_OK) {
		hf_call_saw(call, hf_person_rid(*out));
		return true;
	}
	hf_api_not_opened(call, &err);
	return false;
}

/* ---- banner ---- */

static void
write_contact(struct hf_jw *w, const struct hf_contact_line *c)
{
	hf_jw_obj(w);
	hf_jw_field(w, "ref", c->ref);
	hf_jw_field(w, "name", c->name);
	hf_api_text(w, "role", c->role);
	hf_api_text(w, "org", c->org);
	hf_api_text(w, "phone", c->phone);
	hf_jw_obj_end(w);
}

static void
write_contacts(struct hf_jw *w, const char *name, const struct hf_contact_line *c,
	       size_t n)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		write_contact(w, &c[i]);
	hf_jw_arr_end(w);
}

static struct hf_sv
allergy_words(struct hf_call *call, const struct hf_person_banner *b)
{
	struct hf_sv all = {NULL, 0};

	if (b->allergies == HF_ALLERGY_NONE_KNOWN)
		return HF_SV("No known allergies");
	if (b->allergies == HF_ALLERGY_NONE_RECORDED)
		return HF_SV("No allergies recorded");
	for (size_t i = 0; i < b->allergy.n && i < 4; i++)
		all = hf_arena_printf(
		    call->arena, "%.*s%s%.*s", HF_SV_ARG(all),
		    all.n ? ", " : "Allergies: ", HF_SV_ARG(b->allergy.items[i].title));
	if (b->allergy.n > 4)
		all = hf_arena_printf(call->arena, "%.*s and %zu more", HF_SV_ARG(all),
				      b->allergy.n - 4);
	return all;
}

/* Allergies that may not be shown never look like none. */
static void
write_allergies(struct hf_call *call, struct hf_jw *w, const struct hf_person_banner *b,
		const struct hf_api_limits *limits)
{
	static const uint64_t alert = HF_BIT(HF_CONTENT_ALERT);
	static const char *const states[] = {
	    [HF_ALLERGY_NONE_RECORDED] = "none-recorded",
	    [HF_ALLERGY_NONE_KNOWN] = "none-known",
	    [HF_ALLERGY_SOME] = "some",
	};

	hf_jw_member(w, "allergies");
	hf_jw_obj(w);
	if (b->allergies != HF_ALLERGY_SOME && (limits->not_shown & alert)) {
		hf_jw_field(w, "state", HF_SV("not-shown"));
		hf_jw_field(w, "text", HF_SV("Allergies are not shown to your role"));
	} else if (b->allergies != HF_ALLERGY_SOME && (limits->restricted & alert)) {
		hf_jw_field(w, "state", HF_SV("restricted"));
		hf_jw_field(
		    w, "text",
		    HF_SV("Allergies or alerts: restricted information exists"));
	} else {
		hf_jw_field(w, "state", hf_sv_from(states[b->allergies]));
		hf_jw_field(w, "text", allergy_words(call, b));
	}
	hf_api_facts(w, "items", &b->allergy, call->arena);
	hf_jw_obj_end(w);
}

static void
write_alerts(struct hf_call *call, struct hf_jw *w,
	     const struct hf_person_facts *alerts)
{
	hf_jw_member(w, "alerts");
	hf_jw_arr(w);
	for (size_t i = 0; i < alerts->n; i++) {
		const struct hf_person_fact *f = &alerts->items[i];

		hf_jw_obj(w);
		hf_jw_field(w, "ref", ref_of(call, &f->e, f->id));
		hf_jw_field(w, "text", f->title);
		hf_api_text(w, "category", f->detail);
		hf_api_text(w, "since", hf_date_words(f->at, call->arena));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_banner(struct hf_call *call, struct hf_jw *w, const struct hf_person_banner *b,
	     const struct hf_api_limits *limits)
{
	hf_jw_member(w, "banner");
	hf_jw_obj(w);
	hf_api_line(w, &b->line);
	hf_jw_member(w, "otherNames");
	hf_jw_arr(w);
	for (size_t i = 0; i < b->n_other_names; i++)
		if (b->other_names[i].n)
			hf_jw_str(w, b->other_names[i]);
	hf_jw_arr_end(w);
	hf_jw_member(w, "phones");
	hf_jw_arr(w);
	for (size_t i = 0; i < b->n_phones; i++) {
		hf_jw_obj(w);
		hf_api_text(w, "use", b->phones[i].role);
		hf_jw_field(w, "value", b->phones[i].phone);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_api_text(w, "practicePhone", b->practice_phone);
	hf_api_text(w, "practiceRef", b->line.practice_ref);
	hf_api_text(w, "language", b->language);
	hf_api_flag(w, "interpreter", b->interpreter);
	write_alerts(call, w, &b->alerts);
	write_contacts(w, "carers", b->carers, b->n_carers);
	write_allergies(call, w, b, limits);
	hf_api_number(w, "linked", (int64_t)b->linked);
	hf_jw_obj_end(w);
}

/* ---- summary ---- */

static void
write_series(struct hf_call *call, struct hf_jw *w, const struct hf_series *s)
{
	static const char *const changes[] = {"down", "same", "up"};
	char text[32];

	hf_jw_obj(w);
	hf_jw_member(w, "latest");
	hf_api_fact(w, &s->latest, call->arena);
	hf_jw_member(w, "points");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->n; i++) {
		hf_jw_obj(w);
		hf_jw_field(
		    w, "instant",
		    hf_sv_from(hf_time_format(s->points[i].at, text, sizeof(text))));
		hf_jw_member(w, "value");
		hf_jw_raw(w, hf_arena_printf(call->arena, "%.12g", s->points[i].value));
		hf_jw_field(w, "text", s->points[i].text);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	if (s->change != 2) {
		const struct hf_point *before = &s->points[s->n - 2];

		hf_jw_field(w, "change", hf_sv_from(changes[s->change + 1]));
		hf_jw_field(w, "changeText",
			    hf_arena_printf(call->arena, "%s %.*s before",
					    s->change > 0   ? "up from"
					    : s->change < 0 ? "down from"
							    : "same as",
					    HF_SV_ARG(before->text)));
	}
	hf_jw_obj_end(w);
}

static void
write_split(struct hf_call *call, struct hf_jw *w, const char *name, const char *now,
	    const struct hf_person_facts *here, const struct hf_person_facts *past,
	    size_t more)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_api_facts(w, now, here, call->arena);
	hf_api_facts(w, "past", past, call->arena);
	hf_api_number(w, "more", (int64_t)more);
	hf_jw_obj_end(w);
}

static void
write_summary(struct hf_call *call, struct hf_jw *w, const struct hf_person_summary *s)
{
	hf_jw_member(w, "summary");
	hf_jw_obj(w);
	write_split(call, w, "problems", "active", &s->problems, &s->past_problems,
		    s->more_problems);
	write_split(call, w, "medicines", "current", &s->medicines, &s->past_medicines,
		    s->more_medicines);
	hf_jw_member(w, "observations");
	hf_jw_obj(w);
	hf_jw_member(w, "items");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->n_series; i++)
		write_series(call, w, &s->series[i]);
	hf_jw_arr_end(w);
	hf_api_number(w, "more", (int64_t)s->more_series);
	hf_jw_obj_end(w);
	hf_api_facts(w, "plans", &s->plans, call->arena);
	hf_api_facts(w, "matters", &s->matters, call->arena);
	write_contacts(w, "involved", s->involved, s->n_involved);
	hf_api_facts(w, "lastContacts", &s->last, call->arena);
	hf_api_facts(w, "nextContacts", &s->next, call->arena);
	hf_jw_obj_end(w);
}

/* ---- timeline ---- */

static void
write_kinds(struct hf_jw *w, const struct hf_person *p)
{
	size_t of[HF_PERSON_KINDS];

	hf_person_kinds(p, of);
	hf_jw_member(w, "kinds");
	hf_jw_arr(w);
	for (int k = 0; k < HF_PERSON_KINDS; k++) {
		if (of[k] == 0)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "code",
			    hf_sv_from(hf_person_kind_code((enum hf_person_kind)k)));
		hf_jw_field(w, "text",
			    hf_sv_from(hf_person_kind_text((enum hf_person_kind)k)));
		hf_api_number(w, "n", (int64_t)of[k]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* The members of a timeline, inside an object that is open. */
static void
write_timeline(struct hf_call *call, struct hf_jw *w, const struct hf_person *p,
	       const struct hf_timeline *t)
{
	hf_api_facts(w, "entries", &t->facts, call->arena);
	hf_api_text(w, "next", t->next);
	if (t->total >= 0)
		hf_api_number(w, "total", t->total);
	if (t->stopped)
		hf_jw_field(w, "note",
			    HF_SV("The search stopped before the end of a very long "
				  "record. Show older entries to go on."));
	write_kinds(w, p);
}

void
hf_api_person(struct hf_call *call)
{
	struct hf_timeline_query q = {.kind = -1, .setting = -1, .limit = FIRST};
	struct hf_person_banner banner;
	struct hf_person_summary summary;
	struct hf_timeline timeline;
	struct hf_api_limits limits;
	struct hf_person *p;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(call) || !open_person(call, &p))
		return;
	rc = hf_person_banner(p, &banner, &err);
	if (rc == HF_OK)
		rc = hf_person_summary(p, &summary, &err);
	if (rc == HF_OK)
		rc = hf_person_timeline(p, &q, &timeline, &err);
	if (rc == HF_OK)
		rc = hf_api_limits_of(call, hf_person_rid(p), &limits, &err);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	call->audit_hits = (int64_t)hf_person_count(p);
	hf_api_begin(call, &w);
	write_banner(call, &w, &banner, &limits);
	write_summary(call, &w, &summary);
	hf_jw_member(&w, "timeline");
	hf_jw_obj(&w);
	write_timeline(call, &w, p, &timeline);
	hf_jw_obj_end(&w);
	hf_api_number(&w, "resources", (int64_t)hf_person_count(p));
	hf_api_limits_write(&w, &limits);
	hf_api_end(call);
}

static enum hf_rc
choice(struct hf_sv code, int n, const char *(*name)(int), int *out, const char *param,
       struct hf_err *err)
{
	*out = -1;
	if (code.n == 0)
		return HF_OK;
	for (int k = 0; k < n; k++)
		if (hf_sv_eq(code, hf_sv_from(name(k)))) {
			*out = k;
			return HF_OK;
		}
	return hf_fail(err, HF_INVALID, param,
		       "there is no such %s; choose one from the list", param);
}

static const char *
kind_name(int k)
{
	return hf_person_kind_code((enum hf_person_kind)k);
}

static const char *
setting_name(int k)
{
	return hf_setting_code((enum hf_setting)k);
}

static enum hf_rc
timeline_query(struct hf_call *call, struct hf_timeline_query *q, struct hf_err *err)
{
	static const char *const names[] = {"kind", "setting", "org",
					    "q",    "before",  "limit"};
	struct hf_sv kind = hf_call_param(call, HF_SV("kind"));
	struct hf_sv setting = hf_call_param(call, HF_SV("setting"));
	enum hf_rc rc = hf_api_limit(call, ENTRIES, &q->limit, err);

	q->org = hf_call_param(call, HF_SV("org"));
	q->words = hf_call_param(call, HF_SV("q"));
	q->before = hf_call_param(call, HF_SV("before"));
	for (size_t i = 0; i < HF_COUNT(names); i++)
		hf_call_take_param(call, hf_sv_from(names[i]));
	if (rc == HF_OK && q->words.n > HF_PERSON_Q_MAX)
		rc = hf_fail(err, HF_TOO_LONG, "q", "too many words; some are enough");
	if (rc == HF_OK)
		rc = choice(kind, HF_PERSON_KINDS, kind_name, &q->kind, "kind", err);
	if (rc == HF_OK)
		rc = choice(setting, HF_SETTINGS, setting_name, &q->setting, "setting",
			    err);
	return rc;
}

void
hf_api_person_timeline(struct hf_call *call)
{
	struct hf_timeline_query q = {0};
	struct hf_timeline timeline;
	struct hf_person *p;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc = timeline_query(call, &q, &err);

	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	if (!hf_api_no_params(call) || !open_person(call, &p))
		return;
	if (hf_person_timeline(p, &q, &timeline, &err)) {
		hf_api_fail(call, &err);
		return;
	}
	call->audit_hits = (int64_t)timeline.facts.n;
	hf_api_begin(call, &w);
	write_timeline(call, &w, p, &timeline);
	hf_api_end(call);
}

/* ---- sources ---- */

static void
write_settings(struct hf_jw *w, const size_t *by_setting)
{
	hf_jw_member(w, "settings");
	hf_jw_arr(w);
	for (int k = 0; k < HF_SETTINGS; k++) {
		if (by_setting[k] == 0)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(setting_name(k)));
		hf_jw_field(w, "text", hf_sv_from(hf_setting_text((enum hf_setting)k)));
		hf_api_number(w, "n", (int64_t)by_setting[k]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_person_sources(struct hf_call *call)
{
	size_t by_setting[HF_SETTINGS], n, without;
	struct hf_source *sources;
	struct hf_person *p;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(call) || !open_person(call, &p))
		return;
	if (hf_person_sources(p, &sources, &n, by_setting, &without, &err)) {
		hf_api_fail(call, &err);
		return;
	}
	call->audit_hits = (int64_t)hf_person_count(p);
	hf_api_begin(call, &w);
	write_settings(&w, by_setting);
	hf_jw_member(&w, "organisations");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(&w);
		hf_jw_field(&w, "ref", sources[i].ref);
		hf_jw_field(&w, "name", sources[i].name);
		hf_jw_field(&w, "settingText",
			    hf_sv_from(hf_setting_text(sources[i].setting)));
		hf_api_number(&w, "n", (int64_t)sources[i].n);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_number(&w, "withoutSource", (int64_t)without);
	hf_api_end(call);
}

/* ---- one entry ---- */

static struct hf_sv
recorded_words(struct hf_call *call, hf_time at)
{
	struct hf_civil c = hf_london_civil(at);
	char text[32];
	struct hf_sv iso = hf_sv_from(hf_time_format(at, text, sizeof(text)));

	return hf_arena_printf(call->arena, "%.*s, %02d:%02d",
			       HF_SV_ARG(hf_date_words(iso, call->arena)), c.hour,
			       c.minute);
}

static void
write_entry(struct hf_call *call, const struct hf_opened *o)
{
	const struct hf_version *v = &o->version;
	char text[32];
	struct hf_jw w;

	hf_api_begin(call, &w);
	hf_jw_member(&w, "fact");
	hf_api_fact(&w, &o->fact, call->arena);
	hf_jw_field(&w, "type", hf_sv_from(hf_type_get(v->e.type)->name));
	hf_api_number(&w, "version", v->e.version);
	hf_jw_field(&w, "recorded",
		    hf_sv_from(hf_time_format(v->at, text, sizeof(text))));
	hf_jw_field(&w, "recordedText", recorded_words(call, v->at));
	hf_jw_member(&w, "names");
	hf_jw_obj(&w);
	for (size_t i = 0; i < o->n_names; i++) {
		bool plain = true;

		for (size_t k = 0; k < o->names[i].ref.n; k++)
			if (strchr("\"\\", o->names[i].ref.p[k]) ||
			    (unsigned char)o->names[i].ref.p[k] < 0x20)
				plain = false;
		if (plain)
			hf_jw_kv(&w, o->names[i].ref, o->names[i].name);
	}
	hf_jw_obj_end(&w);
	hf_jw_field(&w, "source", v->body);
	hf_api_end(call);
}

void
hf_api_resource(struct hf_call *call)
{
	struct hf_opened opened;
	struct hf_err err;

	if (!hf_api_no_params(call))
		return;
	call->audit_type = hf_resource_find(call->arg[0]);
	call->audit_id = call->arg[1];
	call->audit_hits = 1;
	if (hf_person_entry(call->store, call->reader, call->arg[0], call->arg[1],
			    call->now, call->arena, &opened, &err)) {
		hf_api_fail(call, &err);
		return;
	}
	hf_call_saw(call, opened.version.e.rid);
	write_entry(call, &opened);
}
