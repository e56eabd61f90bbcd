/* bars_look.c - what is known of a message's request, and whether it is for us. */
#include "hub/bars_int.h"
#include "hub/io/bars.h"
#include "hub/io/bars_log.h"
#include "hub/io/hub_int.h"
#include "record/hub_task.h"
#include "record/io/search.h"
#include "record/person_text.h"

enum { LOG_MOST = 200 }; /* versions of a log that are looked through */

struct looking {
	const struct hf_hub *hub;
	struct hf_reader *plain;
	struct hf_bars_case *c;
	struct hf_arena *arena;
};

/* ---- one at a time ---- */

enum hf_rc
hf_bars_claim(struct hf_hub *hub, struct hf_sv id, struct hf_err *err)
{
	uint64_t hash = hf_hub_hash(id) | 1;
	size_t place = HUB_MESSAGES;
	bool taken = false;

	pthread_mutex_lock(&hub->lock);
	for (size_t i = 0; i < HUB_MESSAGES; i++) {
		taken |= hub->messages[i] == hash;
		if (hub->messages[i] == 0)
			place = i;
	}
	if (!taken && place < HUB_MESSAGES)
		hub->messages[place] = hash;
	pthread_mutex_unlock(&hub->lock);
	if (!taken && place < HUB_MESSAGES)
		return HF_OK;
	return hf_fail(err, HF_BUSY, NULL, "%s",
		       taken
			   ? "a message of this request is being processed: send this "
			     "one again"
			   : "too many messages at once: send this one again");
}

void
hf_bars_release(struct hf_hub *hub, struct hf_sv id)
{
	uint64_t hash = hf_hub_hash(id) | 1;

	pthread_mutex_lock(&hub->lock);
	for (size_t i = 0; i < HUB_MESSAGES; i++)
		if (hub->messages[i] == hash)
			hub->messages[i] = 0;
	pthread_mutex_unlock(&hub->lock);
}

/* ---- the log ---- */

static enum hf_rc
read_log(struct looking *l, struct hf_sv id, struct hf_version *v, struct hf_json *doc,
	 struct hf_err *err)
{
	enum hf_rc rc =
	    hf_store_read(l->plain, HF_SV("Communication"), id, 0, l->arena, v, err);

	return rc ? rc : hf_json_parse(v->body, NULL, l->arena, doc, err);
}

/* The request by what its sender calls it, or by the id that we answered with. */
static enum hf_rc
find_log(struct looking *l, struct hf_version *v, struct hf_json *doc,
	 struct hf_err *err)
{
	struct hf_bars_case *c = l->c;
	const struct hf_bars *b = c->bars;
	enum hf_rc rc = HF_NOT_FOUND;

	for (size_t i = 0; i < b->n_keys && rc == HF_NOT_FOUND; i++) {
		c->id = hf_bars_id_is_of(&c->owner, b->keys[i])
			    ? b->keys[i]
			    : hf_bars_id(&c->owner, "request", b->keys[i], l->arena);
		rc = read_log(l, c->id, v, doc, err);
	}
	if (rc != HF_NOT_FOUND)
		return rc;
	c->id = hf_bars_id(&c->owner, "request", b->keys[0], l->arena);
	return c->id.p ? HF_OK : hf_fail(err, HF_TOO_LONG, NULL, "too much memory");
}

static void
take_known(struct looking *l, const struct hf_version *v, const struct hf_json *doc)
{
	struct hf_bars_known *k = &l->c->known;
	struct hf_sv subject = hf_dig_text(doc, 0, "subject.reference", l->arena);
	struct hf_date date;

	l->c->version = v->e.version;
	k->there = true;
	k->at = hf_date_parse(hf_dig_text(doc, 0, "sent", l->arena), false, &date)
		    ? date.lo
		    : HF_TIME_MIN;
	if (!hf_sv_int(hf_bars_log_value(doc, HF_BARS_LOG_NUMBER, l->arena),
		       &k->number))
		k->number = 0;
	k->withdrawn = hf_sv_is(hf_dig_text(doc, 0, "status", l->arena), "stopped");
	if (hf_sv_starts(subject, HF_SV("Patient/")))
		l->c->patient = hf_sv_from_at(subject, 8);
}

static enum hf_bars_outcome
outcome_of(struct hf_sv name)
{
	size_t i = 0;

	while (i + 1 < HF_BARS_OUTCOMES &&
	       !hf_sv_eq(name, hf_sv_from(hf_bars_outcomes[i].name)))
		i++;
	return (enum hf_bars_outcome)i;
}

static void
take_before(struct looking *l, const struct hf_json *doc)
{
	struct hf_bars_case *c = l->c;
	struct hf_sv header = hf_bars_log_value(doc, HF_BARS_LOG_HEADER, l->arena);
	struct hf_date date;

	c->again = true;
	c->before =
	    outcome_of(hf_dig_text(doc, 0, "statusReason.coding.code", l->arena));
	c->same_header = c->header.n && hf_sv_eq(header, c->header);
	if (hf_date_parse(hf_dig_text(doc, 0, "received", l->arena), false, &date))
		c->received = date.lo;
}

/* Was this message taken before?  Senders are about who give several messages one
 * MessageHeader.id, as the standard's examples do: Bundle.id tells those apart. */
static enum hf_rc
look_for_message(struct looking *l, hf_rid rid, struct hf_err *err)
{
	struct hf_bars_case *c = l->c;
	struct hf_version *versions = NULL;
	size_t n = 0;
	enum hf_rc rc =
	    hf_store_history(l->plain, hf_resource_find(HF_SV("Communication")), rid, 0,
			     0, HF_TIME_MIN, LOG_MOST, l->arena, &versions, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n && !c->again; i++) {
		struct hf_json doc;
		struct hf_sv name;

		if (versions[i].body.n == 0)
			continue;
		rc = hf_json_parse(versions[i].body, NULL, l->arena, &doc, err);
		if (rc)
			break;
		name = hf_bars_log_value(&doc, HF_BARS_LOG_MESSAGE, l->arena);
		if (!hf_sv_eq(name, c->message))
			continue;
		if (hf_sv_eq(hf_bars_log_value(&doc, HF_BARS_LOG_DIGEST, l->arena),
			     c->digest))
			take_before(l, &doc);
		else if (c->bars->bundle.n && !hf_sv_eq(c->message, c->bars->bundle)) {
			c->message = c->bars->bundle;
			i = SIZE_MAX; /* look through all by that name */
		} else
			rc = hf_fail(err, HF_EXISTS, "MessageHeader.id",
				     "another message of this request had the same "
				     "identity: give each message its own");
	}
	return rc;
}

/* ---- the person ---- */

/* A request does not change whom it is about. */
static enum hf_rc
check_person(struct looking *l, const struct hf_json *there, struct hf_err *err)
{
	const struct hf_bars *b = l->c->bars;
	uint32_t patient = b->entries[b->patient].node;
	struct hf_sv number =
	    hf_bars_identifier(b->doc, patient, HF_SV("nhs-number"), l->arena);
	struct hf_sv was = hf_bars_identifier(there, 0, HF_SV("nhs-number"), l->arena);
	struct hf_sv born = hf_bars_get(b->doc, patient, "birthDate", l->arena);
	struct hf_sv then = hf_bars_get(there, 0, "birthDate", l->arena);
	struct hf_sv family = hf_bars_get(b->doc, patient, "name.family", l->arena);
	struct hf_sv called = hf_bars_get(there, 0, "name.family", l->arena);

	if ((number.n && was.n && !hf_sv_eq(number, was)) ||
	    (born.n && then.n && !hf_sv_eq(born, then) && family.n && called.n &&
	     !hf_sv_eq(family, called)))
		return hf_fail(err, HF_RULE, "ServiceRequest.subject",
			       "the request is about another person than before: take "
			       "it back and send a new one");
	return HF_OK;
}

/* ---- the referral ---- */

static bool
is_cancellable(const struct hf_pathway *p, uint8_t state)
{
	int cancel = hf_pw_event(p, HF_SV("cancel"));

	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].event == cancel && (p->steps[i].in >> state & 1))
			return true;
	return false;
}

static void
take_task(struct looking *l, const struct hf_entry *e)
{
	struct hf_bars_case *c = l->c;
	struct hf_version v;
	struct hf_story story;
	struct hf_json doc, shown;
	const char *state;

	if (hf_store_read_rid(l->plain, e->rid, 0, l->arena, &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, l->arena, &doc, NULL) != HF_OK ||
	    !hf_hub_task_is(&doc, 0, "instance", l->arena) ||
	    hf_story_read(l->hub->p, &doc, l->arena, &story, NULL) != HF_OK ||
	    hf_json_parse(story.events[0].shown, NULL, l->arena, &shown, NULL) !=
		HF_OK ||
	    !hf_sv_eq(hf_dig_text(&shown, 0, "foreign", l->arena), c->id))
		return;
	c->task = v.id;
	c->known.referral = true;
	c->known.open = !story.replay.in.ended;
	state = l->hub->p->states[story.replay.in.state].id;
	c->known.cancelled =
	    strcmp(state, "cancelled") == 0 || strcmp(state, "void") == 0;
	c->known.contact = !is_cancellable(l->hub->p, story.replay.in.state);
}

/* On the shelf of the request's Patient; of several the newest counts. */
static enum hf_rc
find_referral(struct looking *l, struct hf_err *err)
{
	struct hf_bars_case *c = l->c;
	struct hf_entry *entries = NULL;
	struct hf_version v;
	struct hf_json doc;
	size_t n = 0;
	enum hf_rc rc =
	    hf_store_read(l->plain, HF_SV("Patient"), c->patient, 0, l->arena, &v, err);

	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, l->arena, &doc, err);
	if (rc == HF_OK)
		c->patient_rid = v.e.rid;
	if (rc == HF_OK)
		rc = check_person(l, &doc, err);
	if (rc == HF_OK)
		rc = hf_store_shelf(l->plain, HF_RID_SHELF(v.e.rid), l->arena, &entries,
				    &n, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (entries[i].type == l->hub->task)
			take_task(l, &entries[i]);
	return rc;
}

enum hf_rc
hf_bars_look(const struct hf_hub *hub, struct hf_reader *plain, struct hf_bars_case *c,
	     struct hf_arena *arena, struct hf_err *err)
{
	struct looking l = {hub, plain, c, arena};
	struct hf_buf text = {0};
	struct hf_version v = {.at = 0};
	struct hf_json doc;
	enum hf_rc rc;

	hf_json_minify(c->bars->doc,
		       hf_json_member(c->bars->doc, c->bars->node, "entry"), &text);
	c->digest = hf_bars_digest(hf_buf_view(&text), arena);
	hf_buf_free(&text);
	c->message = c->bars->message;
	c->known = (struct hf_bars_known){.at = HF_TIME_MIN};
	c->again = false;
	c->version = 0;
	c->task = (struct hf_sv){0};
	c->patient_rid = 0;
	rc = find_log(&l, &v, &doc, err);
	if (rc)
		return rc;
	c->patient = hf_bars_id(&c->owner, "patient", c->id, arena);
	c->encounter = hf_bars_id(&c->owner, "encounter", c->id, arena);
	if (v.e.version == 0)
		return HF_OK;
	take_known(&l, &v, &doc);
	rc = look_for_message(&l, v.e.rid, err);
	return rc ? rc : find_referral(&l, err);
}

/* ---- whom it is for ---- */

static bool
is_plain(struct hf_sv id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!((id.p[i] >= '0' && id.p[i] <= '9') || id.p[i] == '-' ||
		      (id.p[i] >= 'A' && id.p[i] <= 'Z') ||
		      (id.p[i] >= 'a' && id.p[i] <= 'z')))
			return false;
	return id.n > 0 && id.n <= 64;
}

/* The HealthcareService with this dos-service-id; n 0: none, or more than one. */
static enum hf_rc
service_id(struct hf_reader *plain, struct hf_sv dos, hf_time now,
	   struct hf_arena *arena, struct hf_sv *id, struct hf_err *err)
{
	struct hf_param param = {HF_SV("identifier"), dos};
	hf_type_id type = hf_resource_find(HF_SV("HealthcareService"));
	struct hf_version v;
	struct hf_json doc;
	uint32_t slot;
	int64_t value;
	hf_rid rid = 0;
	enum hf_rc rc;

	*id = (struct hf_sv){0};
	if (!is_plain(dos))
		return HF_OK;
	rc = hf_search_one(plain, type, &param, 1, (struct hf_sv){0}, now, arena, &rid,
			   &slot, &value, err);
	if (rc == HF_MULTIPLE || (rc == HF_OK && rid == 0))
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_store_read_rid(plain, rid, 0, arena, &v, err);
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, arena, &doc, err);
	if (rc == HF_OK &&
	    hf_sv_eq(hf_bars_identifier(&doc, 0, HF_SV("dos-service-id"), arena), dos))
		*id = v.id;
	return rc;
}

enum hf_rc
hf_bars_service(struct hf_hub *hub, struct hf_reader *plain, const struct hf_bars *b,
		hf_time now, struct hf_arena *arena, struct hf_sv *service,
		struct hf_err *err)
{
	struct hf_sv id;
	bool ours;
	enum hf_rc rc = service_id(plain, b->dos, now, arena, &id, err);

	if (rc)
		return rc;
	*service = (struct hf_sv){0};
	ours = id.n || (b->target_ods.n && hf_sv_eq(b->target_ods, hub->ods));
	pthread_mutex_lock(&hub->lock);
	rc = hf_hub_directory(hub, plain, now, err);
	for (size_t i = 0; rc == HF_OK && i < hub->directory.n; i++) {
		const struct hf_team *team = &hub->directory.items[i];

		if (id.n && hf_sv_eq(team->id, id))
			*service = hf_arena_sv(arena, team->service);
		ours |= b->target_ods.n && hf_sv_eq(team->ods, b->target_ods);
	}
	pthread_mutex_unlock(&hub->lock);
	if (rc == HF_OK && !ours)
		return hf_fail(err, HF_NOT_FOUND, "ServiceRequest.performer",
			       "the message is for another service: none of this place "
			       "has this dos-service-id or organisation");
	return rc;
}
