/* api_hub_intake.c - a referral comes in by a page: who it may be about, what is
 * missing, how urgent it looks, and then the referral itself. */
#include "server/api_hub.h"

#include "record/hub_task.h"
#include "record/io/change.h"
#include "record/person_query.h"
#include "record/person_text.h"
#include "server/api_body.h"
#include "server/serve.h"

void hf_api_hub_recent(struct hf_call *call);
void hf_api_hub_check(struct hf_call *call);
void hf_api_hub_submit(struct hf_call *call);

#define MEMBERS                                                                        \
	"person channel source referrer decided service asked expectation problem "    \
	"problemCode condition onset tried location news2 cfs history medicines "      \
	"allergies infection safeguarding scene loneWorker access alone consentRefer " \
	"consentShare capacity respect adjustments language interpreter support "      \
	"flags cdss"

/* ---- what is there already ---- */

struct mine {
	struct hf_call *call;
	struct hf_sv patient;
	struct hf_hub_row *items;
	size_t n, size;
	bool full;
};

static bool
collect(void *ctx, const struct hf_hub_row *row)
{
	struct mine *m = ctx;

	if (!row->patient.n || !hf_sv_eq(row->patient, m->patient))
		return true;
	if (m->n == m->size)
		return false;
	m->full = !hf_row_copy(row, m->call->arena, &m->items[m->n++]);
	return !m->full;
}

/* Open referrals of a person that the caller may see. */
static void
open_of(struct hf_call *call, struct hf_sv patient, struct mine *out)
{
	size_t n = 0;

	*out = (struct mine){.call = call, .patient = patient, .size = 20};
	out->items = hf_arena_array(call->arena, out->size, sizeof *out->items);
	if (!out->items)
		return;
	hf_hub_rows(call->server->hub, collect, out);
	for (size_t i = 0; i < out->n; i++)
		if (hf_api_hub_sees(call, &out->items[i]))
			out->items[n++] = out->items[i];
	out->n = n;
}

static void
put_open(struct hf_call *call, struct hf_jw *w, const char *name, const struct mine *m)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < m->n; i++)
		hf_hub_json_row(w, hf_hub_pathway(call->server->hub), &m->items[i],
				call->now);
	hf_jw_arr_end(w);
}

/* Referrals that ended, and contacts, of the last 72 hours. */
static void
put_lately(struct hf_call *call, struct hf_jw *w, hf_rid patient, size_t *calls)
{
	struct hf_entry *entries = NULL;
	hf_type_id task = hf_resource_find(HF_SV("Task"));
	hf_type_id encounter = hf_resource_find(HF_SV("Encounter"));
	hf_time since = call->now - 72 * 3600000LL;
	size_t n = 0;

	if (hf_store_shelf(call->reader, HF_RID_SHELF(patient), call->arena, &entries,
			   &n, NULL) != HF_OK)
		n = 0;
	for (int which = 0; which < 2; which++) {
		hf_jw_key(w, which ? HF_SV("contacts") : HF_SV("closed"));
		hf_jw_arr(w);
		for (size_t i = n; i > 0; i--) {
			const struct hf_entry *e = &entries[i - 1];
			struct hf_arena *a = call->arena;
			struct hf_version v;
			struct hf_json doc;

			if (e->type != (which ? encounter : task) || e->hi < since ||
			    hf_store_read_rid(call->reader, e->rid, 0, a, &v, NULL) !=
				HF_OK ||
			    hf_json_parse(v.body, NULL, a, &doc, NULL) != HF_OK)
				continue;
			if (!which && !hf_hub_task_is(&doc, 0, "instance", a))
				continue;
			*calls += !which;
			if (!which &&
			    (hf_sv_is(hf_dig_text(&doc, 0, "status", a), "completed") ||
			     hf_sv_is(hf_dig_text(&doc, 0, "status", a), "cancelled") ||
			     hf_sv_is(hf_dig_text(&doc, 0, "status", a), "rejected"))) {
				hf_jw_obj(w);
				hf_jw_field(w, "id", v.id);
				hf_api_text(w, "at",
					    hf_dig_text(&doc, 0, "authoredOn", a));
				hf_api_text(w, "problem",
					    hf_dig_text(&doc, 0,
							"reasonCode.coding.display",
							a));
				hf_api_text(w, "state",
					    hf_dig_text(&doc, 0,
							"businessStatus.coding.display",
							a));
				hf_jw_obj_end(w);
			} else if (which) {
				hf_jw_obj(w);
				hf_api_text(w, "at",
					    hf_dig_text(&doc, 0, "period.start", a));
				hf_api_text(w, "what",
					    hf_dig_words(&doc, 0, "type|class", a));
				hf_api_text(
				    w, "who",
				    hf_dig_text(&doc, 0,
						"participant.individual.display", a));
				hf_jw_obj_end(w);
			}
		}
		hf_jw_arr_end(w);
	}
}

void
hf_api_hub_recent(struct hf_call *call)
{
	struct hf_entry patient;
	struct mine mine;
	struct hf_err err;
	struct hf_jw w;
	size_t calls = 0;
	bool known;

	if (!hf_api_no_params(call))
		return;
	open_of(call, call->arg[0], &mine);
	known = hf_store_find(call->reader, hf_resource_find(HF_SV("Patient")),
			      call->arg[0], &patient, NULL) == HF_OK;
	if (!known && !hf_api_hub_staff(call)) {
		hf_fail(&err, HF_NOT_FOUND, NULL, "there is nobody of this id");
		hf_api_fail(call, &err);
		return;
	}
	call->audit_type = hf_resource_find(HF_SV("Patient"));
	call->audit_id = call->arg[0];
	if (known)
		hf_call_saw(call, patient.rid);
	hf_api_begin(call, &w);
	put_open(call, &w, "open", &mine);
	if (known)
		put_lately(call, &w, patient.rid, &calls);
	hf_jw_member(&w, "calls72h");
	hf_jw_int(&w, (int64_t)calls);
	hf_api_end(call);
}

/* ---- what is typed ---- */

static bool
read_intake(struct hf_call *call, struct hf_intake *in)
{
	struct hf_issues issues = {.arena = call->arena};
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return false;
	rc = hf_api_body(call, MEMBERS, &doc, &err);
	if (rc == HF_OK)
		rc = hf_intake_read(&doc, 0, call->arena, &issues, in, &err);
	if (rc == HF_INVALID && issues.n)
		(void)hf_fail(&err, HF_INVALID,
			      hf_arena_cstr(call->arena, issues.items[0].path), "%.*s",
			      HF_SV_ARG(issues.items[0].text));
	if (rc == HF_OK && hf_sv_is(in->channel, "message"))
		rc = hf_fail(&err, HF_INVALID, "channel",
			     "messages come as FHIR: expected page or phone");
	if (rc)
		hf_api_fail(call, &err);
	return rc == HF_OK;
}

static int
age_of(struct hf_call *call, const struct hf_intake *in)
{
	struct hf_sv born = in->person.born;
	struct hf_version v;
	struct hf_json doc;
	struct hf_date date;

	if (in->person.id.n &&
	    hf_store_read(call->reader, HF_SV("Patient"), in->person.id, 0, call->arena,
			  &v, NULL) == HF_OK &&
	    hf_json_parse(v.body, NULL, call->arena, &doc, NULL) == HF_OK)
		born = hf_dig_text(&doc, 0, "birthDate", call->arena);
	return hf_date_parse(born, false, &date)
		   ? hf_age_years(hf_london_day(date.lo + 43200000),
				  hf_london_day(call->now))
		   : -1;
}

static void
put_gaps(struct hf_jw *w, const char *name, const struct hf_intake_gap *gaps, size_t n,
	 bool mandatory)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		if (gaps[i].mandatory != mandatory)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "item", hf_sv_from(gaps[i].item));
		hf_jw_field(w, "text", hf_sv_from(gaps[i].text));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* ---- who it may be ---- */

enum { TERMS = 3, POSSIBLE = 8 };

struct possible {
	struct hf_person_line lines[POSSIBLE];
	size_t n;
};

/* People who agree with all these terms, as tracing shows them (R18-trace): at least
 * three, or nobody is looked for. */
static void
look_for(struct hf_call *call, const struct hf_sv *terms, size_t n,
	 struct possible *out)
{
	struct hf_person_found found = {0};
	struct hf_person_query q;
	struct hf_sv text = {"", 0};
	enum hf_activity was;
	size_t given = 0;
	enum hf_rc rc;

	for (size_t i = 0; i < n; i++)
		if (terms[i].n) {
			text = hf_arena_printf(call->arena, "%.*s %.*s",
					       HF_SV_ARG(text), HF_SV_ARG(terms[i]));
			given++;
		}
	if (given < TERMS || !hf_reader_may_trace(call->reader) ||
	    hf_person_query_parse(text, hf_london_day(call->now), call->arena, &q,
				  NULL) != HF_OK)
		return;
	was = hf_reader_traces(call->reader, given);
	rc = hf_person_find_query(call->store, call->reader, &q, POSSIBLE, call->now,
				  call->arena, &found, NULL);
	hf_reader_does(call->reader, was);
	for (size_t i = 0; rc == HF_OK && i < found.n && out->n < POSSIBLE; i++) {
		bool known = false;

		for (size_t k = 0; k < out->n; k++)
			known = known || hf_sv_eq(out->lines[k].id, found.lines[i].id);
		if (!known)
			out->lines[out->n++] = found.lines[i];
	}
}

/* Somebody new may be there already: told before the form is filled in. */
static void
put_possible(struct hf_call *call, struct hf_jw *w, const struct hf_intake *in)
{
	const struct hf_sv by_name[] = {in->person.family, in->person.given,
					in->person.born};
	const struct hf_sv by_number[] = {in->person.nhs, in->person.born,
					  in->person.family};
	const struct hf_sv by_place[] = {in->person.family, in->person.born,
					 in->person.postcode};
	struct possible found = {.n = 0};

	hf_jw_member(w, "possible");
	hf_jw_arr(w);
	if (in->person.id.n == 0 && call->actor->kind != HF_ACTOR_TRIAL) {
		look_for(call, by_number, HF_COUNT(by_number), &found);
		look_for(call, by_name, HF_COUNT(by_name), &found);
		look_for(call, by_place, HF_COUNT(by_place), &found);
	}
	for (size_t i = 0; i < found.n; i++) {
		struct mine mine;

		open_of(call, found.lines[i].id, &mine);
		hf_call_saw(call, found.lines[i].rid);
		hf_jw_obj(w);
		hf_jw_field(w, "id", found.lines[i].id);
		hf_jw_field(w, "name", found.lines[i].name);
		hf_api_text(w, "born", found.lines[i].born);
		hf_jw_member(w, "open");
		hf_jw_int(w, (int64_t)mine.n);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_hub_check(struct hf_call *call)
{
	const struct hf_score *news2 = hf_hub_news2(call->server->hub);
	struct hf_intake_gap gaps[HF_INTAKE_GAPS];
	struct hf_intake_urgency urgency;
	struct hf_intake in = {0};
	struct mine mine;
	struct hf_err err;
	struct hf_jw w;
	int age, total = -1;
	size_t n;

	if (!read_intake(call, &in))
		return;
	age = age_of(call, &in);
	if (hf_intake_news2(&in, news2, age, &total, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	n = hf_intake_gaps(&in, age, gaps);
	hf_intake_suggest(&in, news2, age, &urgency);
	open_of(call, in.person.id, &mine);
	hf_api_begin(call, &w);
	put_gaps(&w, "missing", gaps, n, true);
	put_gaps(&w, "ask", gaps, n, false);
	hf_hub_json_suggested(&w, &urgency);
	if (in.n_news2) {
		hf_jw_member(&w, "news2");
		hf_jw_obj(&w);
		if (total >= 0) {
			hf_jw_member(&w, "total");
			hf_jw_int(&w, total);
		} else {
			hf_jw_member(&w, "partial");
			hf_jw_bool(&w, true);
		}
		hf_jw_obj_end(&w);
	}
	put_possible(call, &w, &in);
	put_open(call, &w, "same", &mine);
	hf_api_end(call);
}

void
hf_api_hub_submit(struct hf_call *call)
{
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_hub_work *work;
	struct hf_intake in = {0};
	struct hf_err err;

	if (!read_intake(call, &in))
		return;
	if (hf_hub_submit(call->server->hub, call->reader, &who, &in, call->now,
			  call->arena, &work, &err) != HF_OK)
		hf_api_hub_fail(call, &err);
	else
		hf_api_hub_commit(call, work);
}
