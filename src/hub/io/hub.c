/* hub.c - the hub opened over a store, and the table of what is open. */
#include "hub/io/hub_int.h"

#include "base/io/clock.h"
#include "base/io/log.h"
#include "record/hub_task.h"
#include "record/person_text.h"

enum { OPEN_MOST = 200000 };

uint64_t
hf_hub_hash(struct hf_sv text)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < text.n; i++)
		h = (h ^ (unsigned char)text.p[i]) * 1099511628211u;
	return h ? h : 1;
}

/* ---- the table ---- */

static bool
rehash(struct hf_hub *hub)
{
	size_t n = hub->n_by_id ? hub->n_by_id * 2 : 1024;
	uint32_t *by_id = calloc(n, sizeof *by_id);

	if (!by_id)
		return false;
	for (size_t i = 0; i < hub->n_slots; i++) {
		size_t at = hub->slots[i].hash & (n - 1);

		if (!hub->slots[i].used)
			continue;
		while (by_id[at])
			at = (at + 1) & (n - 1);
		by_id[at] = (uint32_t)i + 1;
	}
	free(hub->by_id);
	hub->by_id = by_id;
	hub->n_by_id = n;
	return true;
}

/* Where the id stands among by_id, or would. */
static size_t
place_of(const struct hf_hub *hub, struct hf_sv id, uint64_t hash)
{
	size_t at = hash & (hub->n_by_id - 1);

	while (hub->by_id[at]) {
		const struct hub_slot *s = &hub->slots[hub->by_id[at] - 1];

		if (s->hash == hash && hf_sv_eq(s->row.id, id))
			break;
		at = (at + 1) & (hub->n_by_id - 1);
	}
	return at;
}

struct hub_slot *
hf_hub_slot(struct hf_hub *hub, struct hf_sv id)
{
	size_t at = hub->n_by_id ? place_of(hub, id, hf_hub_hash(id)) : 0;

	return hub->n_by_id && hub->by_id[at] ? &hub->slots[hub->by_id[at] - 1] : NULL;
}

/* A slot that is free; NULL without memory. */
static struct hub_slot *
new_slot(struct hf_hub *hub)
{
	if (hub->n_slots == hub->size_slots) {
		size_t size = hub->size_slots ? hub->size_slots * 2 : 256;
		struct hub_slot *more = realloc(hub->slots, size * sizeof *more);

		if (!more)
			return NULL;
		memset(more + hub->size_slots, 0,
		       (size - hub->size_slots) * sizeof *more);
		hub->slots = more;
		hub->size_slots = size;
	}
	for (size_t i = hub->n_slots; i > 0 && i + 64 > hub->n_slots; i--)
		if (!hub->slots[i - 1].used)
			return &hub->slots[i - 1];
	return &hub->slots[hub->n_slots++];
}

/* Takes the slot off: those behind it in its chain are put in again. */
static void
let_go(struct hf_hub *hub, struct hub_slot *s)
{
	size_t at = place_of(hub, s->row.id, s->hash);

	hub->by_id[at] = 0;
	for (at = (at + 1) & (hub->n_by_id - 1); hub->by_id[at];
	     at = (at + 1) & (hub->n_by_id - 1)) {
		uint32_t slot = hub->by_id[at];
		size_t to;

		hub->by_id[at] = 0;
		to = place_of(hub, hub->slots[slot - 1].row.id,
			      hub->slots[slot - 1].hash);
		hub->by_id[to] = slot;
	}
	hf_wheel_cancel(&hub->wheel, (uint32_t)(s - hub->slots));
	s->used = false;
	hf_arena_reset(&s->arena);
	s->row = (struct hf_hub_row){0};
}

/* When the next mark or breach of a row's story is due is kept by whoever made it. */
static void
arm(struct hf_hub *hub, struct hub_slot *s)
{
	if (!hf_wheel_arm(&hub->wheel, (uint32_t)(s - hub->slots), s->row.wake))
		hf_log(HF_LOG_ERROR, "hub",
		       "no memory for a clock: it is looked at "
		       "again at the next start");
	if (hub->running)
		pthread_cond_signal(&hub->wake);
}

/* Was it let go already, by news of a later version? */
static bool
has_ended(const struct hf_hub *hub, const struct hf_hub_row *row)
{
	uint64_t hash = hf_hub_hash(row->id);
	size_t n = hub->n_ended < HUB_ENDED ? hub->n_ended : HUB_ENDED;

	for (size_t i = 0; i < n; i++)
		if (hub->ended[i].hash == hash && hub->ended[i].version >= row->version)
			return true;
	return false;
}

static void
note_end(struct hf_hub *hub, const struct hf_hub_row *row)
{
	size_t at = hub->n_ended++ % HUB_ENDED;

	hub->ended[at].hash = hf_hub_hash(row->id);
	hub->ended[at].version = row->version;
}

/* A place in the table for a referral that is new to it; NULL without memory. */
static struct hub_slot *
add_slot(struct hf_hub *hub, struct hf_sv id)
{
	struct hub_slot *s = NULL;

	if (2 * (hub->n_slots + 1) <= hub->n_by_id || rehash(hub))
		s = new_slot(hub);
	if (!s) {
		hf_log(HF_LOG_ERROR, "hub",
		       "no memory for Task/%.*s: it is on the boards again after the "
		       "next start",
		       HF_SV_ARG(id));
		return NULL;
	}
	s->arena.cap = 1 << 20;
	s->hash = hf_hub_hash(id);
	s->used = true;
	s->row = (struct hf_hub_row){.id = id};
	hub->by_id[place_of(hub, id, s->hash)] = (uint32_t)(s - hub->slots) + 1;
	return s;
}

void
hf_hub_put(struct hf_hub *hub, const struct hf_hub_row *row)
{
	struct hub_slot *s = hf_hub_slot(hub, row->id);
	struct hf_hub_row told = *row;
	bool was = s != NULL;

	if (s && s->row.version >= row->version) {
		/* A later event was told first.  Its clock may have been taken off to
		 * be looked at. */
		arm(hub, s);
		return;
	}
	if (!s && has_ended(hub, row))
		return;
	if (!row->open)
		note_end(hub, row);
	told.seq = ++hub->seq;
	if (!s && row->open) {
		s = add_slot(hub, row->id);
		if (!s)
			return;
	} else if (s && row->open) {
		hf_arena_reset(&s->arena);
	}
	if (s && row->open) {
		(void)hf_row_copy(&told, &s->arena, &s->row);
		arm(hub, s);
	}
	if (hub->config.changed)
		hub->config.changed(hub->config.ctx, &told, was);
	if (s && !row->open)
		let_go(hub, s);
}

/* ---- opening ---- */

static enum hf_rc
load_definitions(struct hf_hub *hub, struct hf_err *err)
{
	static const char *const kept[] = {"channel", "urgencyAsked",
					   "urgency", "condition",
					   "skills",  "remoteAllowed"};
	struct hf_issues issues = {.arena = &hub->arena};
	enum hf_rc rc =
	    hf_fail(err, HF_FAULT, NULL, "the pathway referral is not there");

	for (size_t i = 0; i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "referral.json") == 0)
			rc = hf_pathway_load("referral.json",
					     hf_pathways_builtin[i].text, NULL,
					     &hub->arena, &issues, &hub->p, err);
	for (size_t i = 0; rc == HF_OK && i < hf_n_scores_builtin; i++)
		if (strcmp(hf_scores_builtin[i].name, "news2.json") == 0)
			rc = hf_score_load("news2.json", hf_scores_builtin[i].text,
					   &hub->arena, &issues, &hub->news2, err);
	for (size_t i = 0; rc == HF_OK && i < HF_COUNT(kept); i++) {
		int fact = hf_pw_fact(hub->p, hf_sv_from(kept[i]));

		if (fact >= 0)
			hub->kept[hub->n_kept++] = (uint8_t)fact;
	}
	return rc;
}

/* Who the hub is: its name, and the code by which access knows it. */
static enum hf_rc
load_place(struct hf_hub *hub, struct hf_reader *reader, struct hf_err *err)
{
	enum hf_rc rc = hf_geography_read(reader, &hub->arena, &hub->geography, err);
	struct hf_version v;
	struct hf_json doc;
	uint32_t list;

	if (rc)
		return rc;
	hub->org = hf_geography_hub(hub->geography, &hub->org_name);
	if (hub->org.n == 0)
		return HF_OK;
	rc = hf_store_read(reader, HF_SV("Organization"), hub->org, 0, &hub->arena, &v,
			   err);
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, &hub->arena, &doc, err);
	if (rc)
		return rc;
	list = hf_json_member(&doc, 0, "identifier");
	for (uint32_t c = list + 1; list != HF_JSON_NONE && c < doc.nodes[list].next;
	     c = doc.nodes[c].next)
		if (hub->ods.n == 0 &&
		    hf_sv_is(hf_dig_text(&doc, c, "system", &hub->arena),
			     "https://fhir.nhs.uk/Id/ods-organization-code"))
			hub->ods = hf_dig_text(&doc, c, "value", &hub->arena);
	return HF_OK;
}

/* A referral that this pathway cannot replay: it must not be lost silently (HZ3, HZ14).
 * What is in it is not said: a log is no place for that. */
static void
strand(struct hf_hub *hub, struct hf_sv id, const struct hf_err *why)
{
	hf_log(HF_LOG_ERROR, "hub",
	       "Task/%.*s is an open referral that cannot be read: %s", HF_SV_ARG(id),
	       why->path[0] ? why->path : hf_rc_text(why->rc));
	if (hub->n_stranded++ == 0)
		snprintf(hub->stranded, sizeof hub->stranded, "%.*s", HF_SV_ARG(id));
}

static enum hf_rc
say_stranded(const struct hf_hub *hub, struct hf_err *err)
{
	return hf_fail(
	    err, HF_RULE, "Task.input",
	    "%zu open referral%s cannot be read by the pathway %s %s, Task/%s%s: start "
	    "the version of homefirst that wrote %s, or take the person%s over by hand "
	    "and import the Task with the status entered-in-error",
	    hub->n_stranded, hub->n_stranded == 1 ? "" : "s", hub->p->id,
	    hub->p->version, hub->stranded,
	    hub->n_stranded == 1 ? "" : " the first of them (the log has each)",
	    hub->n_stranded == 1 ? "it" : "them", hub->n_stranded == 1 ? "" : "s");
}

/* One Task: a row when it is an open referral. */
static enum hf_rc
load_task(void *of, struct hf_reader *reader, hf_rid rid, struct hf_arena *scratch,
	  struct hf_err *err)
{
	struct hf_hub *hub = of;
	struct hf_version v, who;
	struct hf_json task, patient;
	struct hf_story story;
	struct hf_hub_row row;
	struct hf_err why;
	const struct hf_json *about = NULL;
	enum hf_rc rc = hf_store_read_rid(reader, rid, 0, scratch, &v, err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, scratch, &task, err);
	if (rc)
		return rc;
	if (!hf_hub_task_is(&task, 0, "instance", scratch))
		return HF_OK; /* another's Task */
	if (hf_story_read(hub->p, &task, scratch, &story, &why) != HF_OK) {
		strand(hub, v.id, &why);
		return HF_OK;
	}
	if (hf_store_read_rid(reader, HF_RID_MIN(HF_RID_SHELF(rid)), 0, scratch, &who,
			      NULL) == HF_OK &&
	    hf_json_parse(who.body, NULL, scratch, &patient, NULL) == HF_OK)
		about = &patient;
	hf_row_make(hub, &task, &story, about, scratch, &row);
	row.rid = rid;
	row.version = v.e.version;
	hf_hub_finish(hub, &row);
	if (row.open)
		hf_hub_put(hub, &row);
	return HF_OK;
}

static enum hf_rc
load(struct hf_hub *hub, struct hf_err *err)
{
	static const char *const statuses[] = {"requested", "received",	   "accepted",
					       "ready",	    "in-progress", "on-hold",
					       "rejected"};
	struct hf_reader *reader = NULL;
	enum hf_rc rc = hf_reader_get(hub->store, &reader, err);

	if (rc == HF_OK)
		rc = load_place(hub, reader, err);
	if (rc == HF_OK)
		rc = hf_hub_directory(hub, reader, hf_now(), err);
	if (rc == HF_OK)
		rc = hf_hub_opel_open(hub, err);
	/* One snapshot: each read by itself would take the database's locks anew, a
	 * third of the time of a start with 100,000 Tasks. */
	if (rc == HF_OK) {
		rc = hf_reader_begin(reader, err);
		for (size_t i = 0; rc == HF_OK && i < HF_COUNT(statuses); i++)
			rc = hf_hub_each_task(reader, statuses[i], load_task, hub, err);
		hf_reader_end(reader);
	}
	hf_reader_put(reader);
	return rc;
}

enum hf_rc
hf_hub_open(const struct hf_hub_config *config, struct hf_hub **out, struct hf_err *err)
{
	struct hf_hub *hub = calloc(1, sizeof *hub);
	struct hf_hub_config after = *config;
	enum hf_rc rc;

	if (!hub)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the hub");
	pthread_mutex_init(&hub->lock, NULL);
	pthread_cond_init(&hub->wake, NULL);
	hub->config = *config;
	hub->config.changed = NULL; /* what is read at the start is no news */
	hub->store = config->store;
	hub->arena.cap = 256 << 20;
	hub->place_arena.cap = 64 << 20;
	hub->seq = (uint64_t)hf_now(); /* grows over a restart too */
	hub->task = hf_resource_find(HF_SV("Task"));
	hub->patient = hf_resource_find(HF_SV("Patient"));
	hub->request = hf_resource_find(HF_SV("ServiceRequest"));
	hub->episode = hf_resource_find(HF_SV("EpisodeOfCare"));
	hub->encounter = hf_resource_find(HF_SV("Encounter"));
	hub->observation = hf_resource_find(HF_SV("Observation"));
	rc = load_definitions(hub, err);
	if (rc == HF_OK)
		rc = load(hub, err);
	if (rc == HF_OK && hub->n_stranded && !config->strays)
		rc = say_stranded(hub, err);
	hub->config.changed = after.changed;
	if (rc == HF_OK && config->clocks && !hf_clock_start(hub))
		rc = hf_fail(err, HF_FAULT, NULL, "no thread for the clocks");
	if (rc) {
		hf_hub_close(hub);
		return rc;
	}
	*out = hub;
	return HF_OK;
}

void
hf_hub_close(struct hf_hub *hub)
{
	if (!hub)
		return;
	hf_clock_stop(hub);
	for (size_t i = 0; i < hub->n_slots; i++)
		hf_arena_free(&hub->slots[i].arena);
	free(hub->slots);
	free(hub->by_id);
	hf_wheel_free(&hub->wheel);
	hf_pathway_free(hub->p);
	hf_arena_free(&hub->arena);
	hf_arena_free(&hub->place_arena);
	hf_arena_free(&hub->place_before);
	hf_arena_free(&hub->opel_arena);
	pthread_cond_destroy(&hub->wake);
	pthread_mutex_destroy(&hub->lock);
	free(hub);
}

/* ---- looking ---- */

const struct hf_pathway *
hf_hub_pathway(const struct hf_hub *hub)
{
	return hub->p;
}

struct hf_sv
hf_hub_self(const struct hf_hub *hub, struct hf_sv *name)
{
	*name = hub->org_name;
	return hub->org;
}

struct hf_sv
hf_hub_ods(const struct hf_hub *hub)
{
	return hub->ods;
}

const struct hf_locality *
hf_hub_localities(const struct hf_hub *hub, size_t *n)
{
	return hf_geography_localities(hub->geography, n);
}

const struct hf_score *
hf_hub_news2(const struct hf_hub *hub)
{
	return &hub->news2;
}

bool
hf_hub_has_clock(const struct hf_hub *hub, struct hf_sv clock)
{
	for (size_t i = 0; i < hub->p->n_clocks; i++)
		if (hf_sv_eq(clock, hf_sv_from(hub->p->clocks[i].id)))
			return true;
	return false;
}

void
hf_hub_work_row(const struct hf_hub_work *work, struct hf_hub_row *out)
{
	*out = ((const struct hub_work *)work->own)->row;
}

enum hf_rc
hf_hub_read_row(struct hf_hub *hub, struct hf_reader *reader,
		const struct hf_version *task, const struct hf_json *doc,
		const struct hf_story *story, struct hf_arena *arena,
		struct hf_hub_row *out, struct hf_err *err)
{
	struct hf_version who;
	struct hf_json *patient = HF_NEW(arena, struct hf_json);
	bool known;

	if (!patient)
		return hf_fail(err, HF_TOO_LONG, NULL, "the referral is too long");
	known = hf_store_read_rid(reader, HF_RID_MIN(HF_RID_SHELF(task->e.rid)), 0,
				  arena, &who, NULL) == HF_OK &&
		hf_json_parse(who.body, NULL, arena, patient, NULL) == HF_OK;
	hf_row_make(hub, doc, story, known ? patient : NULL, arena, out);
	out->rid = task->e.rid;
	out->version = task->e.version;
	pthread_mutex_lock(&hub->lock);
	hf_hub_finish(hub, out);
	pthread_mutex_unlock(&hub->lock);
	return HF_OK;
}

void
hf_hub_rows(struct hf_hub *hub, bool (*put)(void *ctx, const struct hf_hub_row *row),
	    void *ctx)
{
	bool on = true;

	pthread_mutex_lock(&hub->lock);
	for (size_t i = 0; on && i < hub->n_slots; i++)
		if (hub->slots[i].used)
			on = put(ctx, &hub->slots[i].row);
	pthread_mutex_unlock(&hub->lock);
}

bool
hf_hub_row(struct hf_hub *hub, struct hf_sv id, struct hf_arena *arena,
	   struct hf_hub_row *out)
{
	struct hub_slot *s;
	bool there;

	pthread_mutex_lock(&hub->lock);
	s = hf_hub_slot(hub, id);
	there = s && hf_row_copy(&s->row, arena, out);
	pthread_mutex_unlock(&hub->lock);
	return there;
}

uint64_t
hf_hub_seq(struct hf_hub *hub)
{
	uint64_t seq;

	pthread_mutex_lock(&hub->lock);
	seq = hub->seq;
	pthread_mutex_unlock(&hub->lock);
	return seq;
}

/* ---- who may do what ---- */

static const struct {
	const char *access, *pathway;
} roles[] = {
#define HF_HUB_ROLE(access, pathway) {access, pathway},
#include "hub/io/roles.def"
#undef HF_HUB_ROLE
};

hf_pw_set
hf_hub_roles_of(const struct hf_hub *hub, struct hf_sv role)
{
	hf_pw_set set = 0;

	for (size_t i = 0; i < HF_COUNT(roles); i++) {
		int r = hf_pw_role(hub->p, hf_sv_from(roles[i].pathway));

		if (r >= 0 && hf_sv_eq(role, hf_sv_from(roles[i].access)))
			set |= (hf_pw_set)1 << r;
	}
	return set;
}

static hf_pw_set
of_names(const struct hf_hub *hub, const char *names)
{
	struct hf_sv rest = hf_sv_from(names);
	hf_pw_set set = 0;

	while (rest.n) {
		int r = hf_pw_role(hub->p, hf_sv_cut(&rest, ' '));

		if (r >= 0)
			set |= (hf_pw_set)1 << r;
	}
	return set;
}

bool
hf_hub_is_lead(const struct hf_hub *hub, const struct hf_hub_actor *who)
{
	return (hf_hub_roles_for(hub, who, NULL) & of_names(hub, "clinical-lead")) != 0;
}

hf_pw_set
hf_hub_step_by(const struct hf_hub *hub, const struct hf_pw_step *step)
{
	if (step->by == 0 && strcmp(hub->p->events[step->event], "team-decline") == 0)
		return of_names(hub, "team-member practitioner team-lead");
	return step->by;
}

hf_pw_set
hf_hub_roles_for(const struct hf_hub *hub, const struct hf_hub_actor *who,
		 const struct hf_hub_row *row)
{
	hf_pw_set set = who->roles;

	if (who->anywhere)
		return set;
	if (hub->ods.n == 0 || !hf_sv_eq(who->ods, hub->ods))
		set &= ~of_names(hub, "call-handler triage-clinician dispatcher "
				      "clinical-lead");
	if (row && (row->team_ods.n == 0 || !hf_sv_eq(who->ods, row->team_ods)))
		set &= ~of_names(hub, "team-member practitioner team-lead");
	/* Whoever handed it in speaks for the referrer, or the hub that was told. */
	if (row && !hf_sv_eq(who->ods, row->from_ods) && !hf_sv_eq(who->ods, hub->ods))
		set &= ~of_names(hub, "referrer");
	return set;
}
