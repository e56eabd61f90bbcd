/* api_hub_day.c - a team's visits for a phone that may lose the network, and the key
 * that what it keeps is locked with (docs/safety/threat-model.md, F8). */
#include "server/api_hub.h"

#include <sodium.h>

#include "access/io/keys.h"
#include "hub/words.h"
#include "record/person_text.h"
#include "server/api_limits.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_api_hub_day(struct hf_call *call);
void hf_api_hub_device_key(struct hf_call *call);

/* What is done at somebody's door; the other moves are made on a board. */
static const char *const at_the_door[] = {"set-off", "start-contact", "no-access",
					  "record-outcome"};
/* Whom a team still goes to, or is with.  In this order; within, by time left. */
static const char *const visited[] = {"in-contact", "en-route", "team-accepted",
				      "failed-contact", "in-treatment"};

enum { VISITS_MOST = 200, PLANS_SAID = 2, CARERS_SAID = 3 };

/* ---- which team ---- */

static const struct hf_team *
team_of(struct hf_call *call, const struct hf_directory *d, struct hf_sv id)
{
	bool any = call->actor->kind == HF_ACTOR_TRIAL || hf_api_hub_staff(call);

	for (size_t i = 0; i < d->n; i++) {
		const struct hf_team *t = &d->items[i];
		bool own = any || hf_sv_eq(t->ods, call->actor->org);

		if (own && (id.n ? hf_sv_eq(t->id, id) : t->active))
			return t;
	}
	return NULL;
}

/* ---- what may be done ---- */

static void
put_states(struct hf_jw *w, const char *name, const struct hf_pathway *p, hf_pw_set set)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n_states; i++)
		if (set >> i & 1)
			hf_jw_str(w, hf_sv_from(p->states[i].id));
	hf_jw_arr_end(w);
}

/* From which states an event leads where, for somebody with these roles: so that a
 * device without a network offers what the pathway allows and nothing else. */
static void
put_step(struct hf_jw *w, const struct hf_pathway *p, hf_pw_set roles, const char *id)
{
	int event = hf_pw_event(p, hf_sv_from(id));
	hf_pw_set in = 0, to = 0;

	for (size_t i = 0; i < p->n_steps; i++) {
		const struct hf_pw_step *s = &p->steps[i];

		if (s->event != event || !(s->by & roles) || s->to == HF_PW_RESUME)
			continue;
		in |= s->in;
		to |= (hf_pw_set)1 << s->to;
	}
	if (event < 0 || !in)
		return;
	hf_jw_obj(w);
	hf_jw_field(w, "event", hf_sv_from(id));
	hf_jw_field(w, "title", hf_sv_from(p->event_titles[event]));
	put_states(w, "in", p, in);
	put_states(w, "to", p, to);
	hf_jw_obj_end(w);
}

static void
put_words(struct hf_jw *w, const struct hf_pathway *p, hf_pw_set roles)
{
	size_t n;
	const struct hf_hub_word *outcomes = hf_hub_words(HF_HUB_OUTCOMES, &n);

	hf_jw_member(w, "steps");
	hf_jw_arr(w);
	for (size_t i = 0; i < HF_COUNT(at_the_door); i++)
		put_step(w, p, roles, at_the_door[i]);
	hf_jw_arr_end(w);
	hf_jw_member(w, "states");
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n_states; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(p->states[i].id));
		hf_jw_field(w, "text", hf_sv_from(p->states[i].title));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "outcomes");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(outcomes[i].code));
		hf_jw_field(w, "text", hf_sv_from(outcomes[i].text));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* ---- what the referral said ---- */

/* The answers of the intake, as far as the caller may read them. */
static bool
read_answers(struct hf_call *call, struct hf_sv task, struct hf_json *out)
{
	static const struct {
		const char *type, *path;
	} way[] = {{"Task", "focus.reference"},
		   {"ServiceRequest", "supportingInfo.reference"},
		   {"QuestionnaireResponse", NULL}};
	struct hf_sv id = task;

	for (size_t i = 0; i < HF_COUNT(way); i++) {
		struct hf_sv type = hf_sv_from(way[i].type), ref;
		struct hf_version v;

		if (hf_store_read(call->reader, type, id, 0, call->arena, &v, NULL) !=
			HF_OK ||
		    hf_json_parse(v.body, NULL, call->arena, out, NULL) != HF_OK)
			return false;
		hf_call_saw(call, v.e.rid);
		if (!way[i].path)
			return true;
		ref = hf_dig_text(out, 0, way[i].path, call->arena);
		type = hf_sv_from(way[i + 1].type);
		if (!hf_sv_starts(ref, type) || ref.n <= type.n + 1)
			return false;
		id = hf_sv_from_at(ref, type.n + 1);
	}
	return false;
}

/* "": it was not answered. */
static struct hf_sv
answer(const struct hf_json *doc, const char *link, struct hf_arena *arena)
{
	uint32_t list = doc ? hf_json_member(doc, 0, "item") : HF_JSON_NONE;

	for (uint32_t c = list == HF_JSON_NONE ? 0 : list + 1;
	     list != HF_JSON_NONE && c < doc->nodes[list].next; c = doc->nodes[c].next)
		if (hf_sv_eq(hf_dig_text(doc, c, "linkId", arena), hf_sv_from(link)))
			return hf_dig_text(
			    doc, c, "answer.valueString|answer.valueBoolean", arena);
	return (struct hf_sv){NULL, 0};
}

/* ---- what the record says ---- */

struct visit {
	struct hf_call *call;
	const struct hf_hub_row *row;
	const struct hf_json *answers; /* NULL: none that can be read */
	bool person; /* the record can be read; else .banner and .summary are empty */
	struct hf_person_banner banner;
	struct hf_person_summary summary;
	struct hf_api_limits limits;
};

static void
read_person(struct visit *v)
{
	struct hf_call *c = v->call;
	struct hf_person *person;
	struct hf_err err;

	v->person =
	    v->row->patient.n &&
	    hf_person_open(c->store, c->reader, v->row->patient, c->now, c->arena,
			   &person, &err) == HF_OK &&
	    hf_person_banner(person, &v->banner, &err) == HF_OK &&
	    hf_person_summary(person, &v->summary, &err) == HF_OK &&
	    hf_api_limits_of(c, hf_person_rid(person), &v->limits, &err) == HF_OK;
	if (v->person)
		hf_call_saw(c, hf_person_rid(person));
}

/* Allergies that may not be shown never look like none. */
static struct hf_sv
allergies(const struct visit *v)
{
	const struct hf_person_banner *b = &v->banner;
	struct hf_sv said = answer(v->answers, "allergies", v->call->arena), all = said;
	uint64_t alert = HF_BIT(HF_CONTENT_ALERT);

	for (size_t i = 0; v->person && i < b->allergy.n; i++)
		all = hf_arena_printf(v->call->arena, "%.*s%s%.*s", HF_SV_ARG(all),
				      all.n ? "; " : "",
				      HF_SV_ARG(b->allergy.items[i].title));
	if (v->person && b->allergies == HF_ALLERGY_SOME)
		return all;
	if (!v->person || (v->limits.not_shown & alert))
		return hf_arena_printf(v->call->arena,
				       "%.*s%sthose of the record are not shown to you",
				       HF_SV_ARG(said), said.n ? "; " : "");
	if (v->limits.restricted & alert)
		return hf_arena_printf(v->call->arena,
				       "%.*s%srestricted information exists",
				       HF_SV_ARG(said), said.n ? "; " : "");
	if (said.n)
		return said;
	return b->allergies == HF_ALLERGY_NONE_KNOWN ? HF_SV("No known allergies")
						     : HF_SV("None recorded");
}

static void
put_risk(struct hf_jw *w, struct hf_sv category, struct hf_sv title, struct hf_sv text)
{
	hf_jw_obj(w);
	hf_jw_field(w, "category", category);
	hf_jw_field(w, "title", title);
	if (!hf_sv_eq(title, text))
		hf_api_text(w, "text", text);
	hf_jw_obj_end(w);
}

static bool
comes_first(struct hf_sv category)
{
	return hf_sv_is(category, "SG") || hf_sv_is(category, "SS");
}

/* Is the alert of the record one of the referral's own flags? */
static bool
is_flag(const struct hf_hub_row *row, const struct hf_person_fact *alert)
{
	for (size_t i = 0; i < row->n_flags; i++)
		if (hf_sv_eq(row->flags[i].text, alert->title) ||
		    (row->flags[i].text.n &&
		     hf_sv_eq(row->flags[i].text, alert->detail)))
			return true;
	return false;
}

/* Safeguarding and scene safety stand first. */
static void
put_risks(struct hf_jw *w, const struct visit *v)
{
	const struct hf_hub_row *row = v->row;

	hf_jw_member(w, "risks");
	hf_jw_arr(w);
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < row->n_flags; i++) {
			struct hf_sv category = row->flags[i].category;
			const struct hf_hub_word *word =
			    hf_hub_word(HF_HUB_FLAGS, category);

			if (comes_first(category) == (first == 1))
				put_risk(w, category,
					 word ? hf_sv_from(word->text) : category,
					 row->flags[i].text);
		}
	for (size_t i = 0; v->person && i < v->banner.alerts.n; i++)
		if (!is_flag(row, &v->banner.alerts.items[i]))
			put_risk(w, HF_SV(""), v->banner.alerts.items[i].title,
				 (struct hf_sv){NULL, 0});
	hf_jw_arr_end(w);
}

static void
put_carers(struct hf_jw *w, const struct visit *v)
{
	hf_jw_member(w, "kin");
	hf_jw_arr(w);
	for (size_t i = 0; v->person && i < v->banner.n_carers && i < CARERS_SAID;
	     i++) {
		const struct hf_contact_line *c = &v->banner.carers[i];

		hf_jw_obj(w);
		hf_api_text(w, "name", c->name);
		hf_api_text(w, "relation", c->role);
		hf_api_text(w, "phone", c->phone);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* A line each: what was asked for, and the plans of the record. */
static struct hf_sv
plan(const struct visit *v)
{
	struct hf_arena *arena = v->call->arena;
	struct hf_sv all = answer(v->answers, "expectation", arena);

	if (all.n)
		all = hf_arena_printf(arena, "Asked for: %.*s", HF_SV_ARG(all));
	for (size_t i = 0; v->person && i < v->summary.plans.n && i < PLANS_SAID; i++) {
		const struct hf_person_fact *f = &v->summary.plans.items[i];
		struct hf_sv more = f->value.n ? f->value : f->detail;

		all = hf_arena_printf(arena, "%.*s%s%.*s%s%.*s", HF_SV_ARG(all),
				      all.n ? "\n" : "", HF_SV_ARG(f->title),
				      more.n ? ": " : "", HF_SV_ARG(more));
	}
	return all;
}

static void
put_visit(struct hf_jw *w, struct visit *v)
{
	struct hf_arena *arena = v->call->arena;
	struct hf_sv where = answer(v->answers, "location", arena);
	struct hf_sv phone = v->person && v->banner.n_phones ? v->banner.phones[0].phone
							     : (struct hf_sv){NULL, 0};
	struct hf_sv alone = answer(v->answers, "alone", arena);

	hf_jw_obj(w);
	hf_jw_member(w, "row");
	hf_hub_json_row(w, hf_hub_pathway(v->call->server->hub), v->row, v->call->now);
	/* Where they are now goes before where they live. */
	if (where.n && v->person && v->banner.line.address.n)
		where = hf_arena_printf(arena, "Now at: %.*s. Lives at: %.*s",
					HF_SV_ARG(where),
					HF_SV_ARG(v->banner.line.address));
	else if (!where.n && v->person)
		where = v->banner.line.address;
	hf_api_text(w, "address", where);
	hf_api_text(w, "phone", phone);
	hf_api_text(w, "access", answer(v->answers, "access", arena));
	if (alone.n) {
		hf_jw_member(w, "alone");
		hf_jw_bool(w, hf_sv_is(alone, "yes"));
	}
	hf_api_text(w, "loneWorker", answer(v->answers, "loneWorker", arena));
	hf_api_text(w, "allergies", allergies(v));
	hf_api_text(w, "plan", plan(v));
	put_risks(w, v);
	put_carers(w, v);
	hf_jw_obj_end(w);
}

static int
rank(const struct hf_pathway *p, const struct hf_hub_row *row)
{
	for (size_t i = 0; i < HF_COUNT(visited); i++)
		if (strcmp(visited[i], p->states[row->state].id) == 0)
			return (int)i;
	return -1;
}

static enum hf_rc
put_visits(struct hf_call *call, struct hf_jw *w, const struct hf_team *team,
	   struct hf_err *err)
{
	const struct hf_pathway *p = hf_hub_pathway(call->server->hub);
	struct hf_api_rows rows;
	size_t n = 0;
	enum hf_rc rc = hf_api_hub_rows(call, HF_VIEW_TEAM, team->id, &rows, err);

	if (rc)
		return rc;
	hf_jw_member(w, "visits");
	hf_jw_arr(w);
	for (size_t k = 0; k < HF_COUNT(visited); k++)
		for (size_t i = 0; i < rows.n && n < VISITS_MOST; i++) {
			struct visit v = {.call = call, .row = &rows.items[i]};
			struct hf_json answers;

			if (rank(p, v.row) != (int)k)
				continue;
			if (read_answers(call, v.row->id, &answers))
				v.answers = &answers;
			read_person(&v);
			put_visit(w, &v);
			n++;
		}
	hf_jw_arr_end(w);
	call->audit_hits = (int64_t)n;
	return HF_OK;
}

/* ---- GET /api/hub/day ---- */

void
hf_api_hub_day(struct hf_call *call)
{
	struct hf_hub *hub = call->server->hub;
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_sv id = hf_call_take_param(call, HF_SV("team"));
	struct hf_hub_teams teams;
	const struct hf_team *team;
	struct hf_err err;
	struct hf_jw w;
	char at[32];
	enum hf_rc rc;

	call->audit_type = hf_resource_find(HF_SV("Task"));
	if (!hf_api_no_params(call))
		return;
	rc = hf_hub_teams(hub, (struct hf_sv){NULL, 0}, NULL, call->now, call->arena,
			  &teams, &err);
	team = rc == HF_OK ? team_of(call, &teams.directory, id) : NULL;
	if (rc == HF_OK && !team)
		rc = hf_fail(&err, HF_NOT_FOUND, "team",
			     id.n ? "your organisation has no team with this id"
				  : "your organisation has no team that visits people");
	if (rc == HF_OK) {
		hf_api_begin(call, &w);
		hf_jw_field(&w, "at",
			    hf_sv_from(hf_time_format(call->now, at, sizeof at)));
		hf_jw_member(&w, "team");
		hf_jw_obj(&w);
		hf_jw_field(&w, "id", team->id);
		hf_jw_field(&w, "name", team->name);
		hf_api_text(&w, "phone", team->phone);
		hf_jw_obj_end(&w);
		/* Somebody of the hub looks, and does nothing at the door. */
		if (!who.anywhere && !hf_sv_eq(who.ods, team->ods))
			who.roles = 0;
		put_words(&w, hf_hub_pathway(hub), who.roles);
		rc = put_visits(call, &w, team, &err);
	}
	if (rc)
		hf_api_hub_fail(call, &err);
	else
		hf_api_end(call);
}

/* ---- GET /api/hub/device-key ---- */

/* The key with which this user's browser locks what it keeps of the visits.  Always the
 * same for one user, so that what was not sent can be read again after the next
 * sign-in; never the same for two.  Only for somebody who sits here: a session. */
void
hf_api_hub_device_key(struct hf_call *call)
{
	const struct hf_account_keys *keys =
	    hf_sessions_keys(call->server->sign->sessions);
	unsigned char key[HF_KEY_BYTES];
	char text[HF_KEY_BYTES * 2];
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(call))
		return;
	if (call->actor->kind == HF_ACTOR_SYSTEM ||
	    (call->actor->kind == HF_ACTOR_PERSON && call->actor->session == 0)) {
		hf_fail(&err, HF_FORBIDDEN, NULL,
			"this is for people who signed in with a browser");
		hf_api_fail(call, &err);
		return;
	}
	hf_account_visits_key(keys, call->actor->id, key);
	sodium_bin2base64(text, sizeof text, key, sizeof key,
			  sodium_base64_VARIANT_ORIGINAL);
	hf_api_begin(call, &w);
	hf_jw_field(&w, "key", hf_sv_from(text));
	hf_api_end(call);
	sodium_memzero(key, sizeof key);
	sodium_memzero(text, sizeof text);
}
