/* relation.c - relationships and choices out of a person's shelves. */
#include "record/io/relation.h"

#include "record/hub_task.h"
#include "record/io/relation_int.h"
#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};

struct reading {
	struct parties ps;
	const struct hf_care_homes *homes;
	struct hf_relations *out;
	const struct opened *o;	    /* what is read now */
	const struct party *at_org; /* the organisation its practitioners work at */
	hf_time choice_at;	    /* of the newest Consent about sharing */
	hf_time type1_at;	    /* of the newest entry about Type 1 */
	hf_time since; /* stays and appointments that ended before are passed by */
	bool full;
};

static struct hf_sv
text(const struct reading *r, const char *path)
{
	return hf_dig_text(&r->o->doc, 0, path, r->ps.arena);
}

/* The start of a period at path; open where nothing is said. */
static hf_time
begin_of(const struct reading *r, const char *path)
{
	struct hf_date d;

	return hf_date_parse(text(r, path), false, &d) ? d.lo : HF_TIME_MIN;
}

static hf_time
end_of(const struct reading *r, const char *path)
{
	struct hf_sv s = text(r, path);
	struct hf_date d;

	if (s.n == 0)
		return HF_TIME_MAX;
	/* An end that cannot be read has been, whenever: nothing is opened by it. */
	return hf_date_parse(s, false, &d) ? d.hi : HF_TIME_MIN;
}

/* Does the old one, of the same resource, say as much already? */
static bool
covers(const struct hf_relation *old, const struct hf_relation *r)
{
	return old->kind == r->kind && hf_sv_eq(old->org_ref, r->org_ref) &&
	       hf_sv_eq(old->org, r->org) &&
	       (hf_sv_eq(old->who, r->who) || (old->who.n == 0 && old->org.n));
}

static void
add(struct reading *r, struct hf_relation relation)
{
	struct hf_relations *out = r->out;

	relation.source = hf_person_ref(&r->o->v.e, r->o->v.id, r->ps.arena);
	for (size_t i = out->n; i > 0; i--) {
		struct hf_relation *old = &out->items[i - 1];

		if (!hf_sv_eq(old->source, relation.source))
			break;
		if (covers(old, &relation))
			return;
	}
	if (out->n == out->size) {
		size_t size = out->size ? out->size * 2 : 32;
		struct hf_relation *more =
		    hf_arena_array(r->ps.arena, size, sizeof(*more));

		if (!more) {
			r->full = true;
			return;
		}
		if (out->n)
			memcpy(more, out->items, out->n * sizeof(*more));
		out->items = more;
		out->size = size;
	}
	out->items[out->n++] = relation;
}

/* Adds a relationship with what the Reference at node leads to, if anywhere. */
static void
with(struct reading *r, uint32_t node, struct hf_relation relation)
{
	const struct party *p = hf_party_of(&r->ps, &r->o->doc, node);

	if (!p) {
		r->full = true;
		return;
	}
	if (p->ods.n == 0 && p->org_ref.n == 0 && p->who.n == 0)
		return;
	if (p->ods.n == 0 && p->org_ref.n == 0 && r->at_org) {
		/* A practitioner is named as somebody of this organisation. */
		relation.who = p->who;
		p = r->at_org;
	}
	relation.org = p->ods;
	relation.org_ref = p->org_ref;
	if (p->who.n)
		relation.who = p->who;
	if (p->home && relation.kind != HF_REL_CONSENT && relation.kind != HF_REL_GPREG)
		relation.kind = HF_REL_HOME;
	add(r, relation);
}

struct each {
	struct reading *r;
	struct hf_relation relation;
};

static void
each_one(void *ctx, uint32_t node)
{
	struct each *e = ctx;

	with(e->r, node, e->relation);
}

static void
with_all(struct reading *r, const char *path, struct hf_relation relation)
{
	struct each e = {r, relation};

	hf_person_each(&r->o->doc, 0, path, each_one, &e);
}

/* Takes the organisation at path for that of practitioners who come without one. */
static void
at_org(struct reading *r, const char *path)
{
	uint32_t node = hf_dig(&r->o->doc, 0, path);
	const struct party *p = hf_party_of(&r->ps, &r->o->doc, node);

	if (!p)
		r->full = true;
	else if (p->ods.n || p->org_ref.n)
		r->at_org = p;
}

/* ---- each type ---- */

static bool
lives_at(const struct reading *r, uint32_t address, const struct hf_care_home *home)
{
	const struct hf_json *doc = &r->o->doc;
	uint32_t lines = hf_json_member(doc, address, "line");
	struct hf_sv postcode =
	    hf_json_str(doc, hf_json_member(doc, address, "postalCode"), r->ps.arena);

	if (home->postcode.n == 0 || !hf_sv_eq(postcode, home->postcode) ||
	    lines == HF_JSON_NONE)
		return false;
	for (uint32_t c = lines + 1; c < doc->nodes[lines].next; c = doc->nodes[c].next)
		if (hf_sv_eq(hf_json_str(doc, c, r->ps.arena), home->name))
			return true;
	return false;
}

static void
read_address(void *ctx, uint32_t address)
{
	struct reading *r = ctx;
	const struct hf_json *doc = &r->o->doc;
	struct hf_sv use =
	    hf_json_str(doc, hf_json_member(doc, address, "use"), r->ps.arena);
	uint32_t period = hf_json_member(doc, address, "period");
	struct hf_sv start =
	    hf_json_str(doc, hf_json_member(doc, period, "start"), r->ps.arena);
	struct hf_sv end =
	    hf_json_str(doc, hf_json_member(doc, period, "end"), r->ps.arena);
	struct hf_date from, until;

	if (hf_sv_among(use, "old billing work"))
		return;
	for (size_t i = 0; i < r->homes->n; i++) {
		const struct hf_care_home *home = &r->homes->items[i];

		if (!lives_at(r, address, home))
			continue;
		add(r, (struct hf_relation){
			   .kind = HF_REL_HOME,
			   .start = hf_date_parse(start, false, &from) ? from.lo
								       : HF_TIME_MIN,
			   .end = end.n == 0			      ? HF_TIME_MAX
				  : hf_date_parse(end, false, &until) ? until.hi
								      : HF_TIME_MIN,
			   .org = home->ods,
			   .org_ref = home->org_ref,
			   .reason = "the address is the care home's"});
	}
}

static void
read_patient(struct reading *r)
{
	at_org(r, "managingOrganization");
	with_all(r, "generalPractitioner",
		 (struct hf_relation){.kind = HF_REL_GPREG,
				      .start = HF_TIME_MIN,
				      .end = HF_TIME_MAX,
				      .reason = "registered at the practice"});
	if (r->homes)
		hf_person_each(&r->o->doc, 0, "address", read_address, r);
}

static void
read_request(struct reading *r)
{
	if (!hf_sv_among(text(r, "status"), "active on-hold") ||
	    !hf_sv_among(
		text(r, "intent"),
		"order original-order reflex-order filler-order instance-order"))
		return;
	with_all(
	    r, "performer",
	    (struct hf_relation){.kind = HF_REL_REFER,
				 .start = begin_of(r, "authoredOn"),
				 .end = HF_TIME_MAX,
				 .reason = "an open referral names the performer"});
}

/* Somebody whom a practice proposes for a team's meeting: a Task that the team owns
 * (docs/interfaces/need.md).  Once they were talked about, they are as listed for that
 * meeting: a week longer. */
static bool
is_proposal(struct reading *r)
{
	const struct hf_json *doc = &r->o->doc;

	return hf_sv_is(text(r, "intent"), "proposal") &&
	       hf_has_code(doc, hf_json_member(doc, 0, "code"), HF_SV("mdt-proposal"));
}

/* A referral at a hub, or an offer of it to a team: whoever has it, and the hub that
 * keeps watch over it, until it ends. */
static void
read_task(struct reading *r)
{
	const struct hf_json *doc = &r->o->doc;
	uint32_t list = hf_json_member(doc, 0, "extension");
	bool open = hf_sv_among(
	    text(r, "status"), "requested received accepted ready in-progress on-hold");
	struct hf_relation relation = {
	    .kind = HF_REL_REFER,
	    .start = begin_of(r, "authoredOn"),
	    .end = open ? HF_TIME_MAX : end_of(r, "lastModified"),
	    .reason = "a referral that the hub or a team has",
	};

	if (is_proposal(r)) {
		relation.reason = "a proposal for a team's meeting";
		if (!open)
			relation.kind = HF_REL_MDT;
		if (open || hf_sv_among(text(r, "status"), "completed rejected"))
			with_all(r, "owner", relation);
		return;
	}
	if (hf_sv_among(text(r, "status"), "draft entered-in-error") ||
	    !hf_sv_starts(text(r, "focus.reference"), HF_SV("ServiceRequest/")) ||
	    !(hf_hub_task_is(doc, 0, "instance", r->ps.arena) ||
	      hf_hub_task_is(doc, 0, "offer", r->ps.arena)))
		return;
	/* What ended without saying when does not go on. */
	if (relation.end == HF_TIME_MAX && !open)
		return;
	with_all(r, "owner", relation);
	for (uint32_t c = list == HF_JSON_NONE ? 0 : list + 1;
	     list != HF_JSON_NONE && c < doc->nodes[list].next; c = doc->nodes[c].next)
		if (hf_sv_is(hf_dig_text(doc, c, "url", r->ps.arena),
			     "https://homefirst.example/StructureDefinition/hub"))
			with(r, hf_json_member(doc, c, "valueReference"), relation);
}

static void
read_episode(struct reading *r)
{
	struct hf_relation relation = {.kind = HF_REL_CASE,
				       .start = begin_of(r, "period.start"),
				       .end = end_of(r, "period.end"),
				       .reason = "an episode of care"};

	if (!hf_sv_among(text(r, "status"), "planned waitlist active onhold finished"))
		return;
	/* What is finished without saying when does not go on. */
	if (relation.end == HF_TIME_MAX && hf_sv_is(text(r, "status"), "finished"))
		return;
	at_org(r, "managingOrganization");
	with_all(r, "managingOrganization", relation);
	relation.reason = "the care manager of an episode of care";
	with_all(r, "careManager|team", relation);
}

static void
read_encounter(struct reading *r)
{
	struct hf_relation relation = {.kind = HF_REL_INPT,
				       .start = begin_of(r, "period.start"),
				       .end = end_of(r, "period.end"),
				       .reason = "a stay"};
	struct hf_sv class = text(r, "class.code");

	if (!hf_sv_among(text(r, "status"),
			 "arrived triaged in-progress onleave finished"))
		return;
	if (relation.end == HF_TIME_MAX && hf_sv_is(text(r, "status"), "finished"))
		return;
	if (hf_sv_is(class, "EMER"))
		relation.reason = "an attendance at an emergency department";
	else if (!hf_sv_among(class, "IMP ACUTE NONAC OBSENC SS"))
		return;
	with_all(r, "serviceProvider", relation);
}

static void
read_appointment(struct reading *r)
{
	struct hf_relation relation = {.kind = HF_REL_APPT,
				       .start = begin_of(r, "start"),
				       .end = end_of(r, "end"),
				       .reason = "an appointment"};

	/* A slot that was never booked or was called off is nobody's. */
	if (!hf_sv_among(text(r, "status"),
			 "booked arrived fulfilled checked-in noshow") ||
	    relation.start == HF_TIME_MIN)
		return;
	if (relation.end == HF_TIME_MAX)
		relation.end = relation.start;
	with_all(r, "participant.actor", relation);
}

static void
read_member(void *ctx, uint32_t node)
{
	struct each *e = ctx;
	const struct hf_json *doc = &e->r->o->doc;
	uint32_t behalf = hf_json_member(doc, node, "onBehalfOf");
	uint32_t member = hf_json_member(doc, node, "member");

	/* The organisation that a member works for; else the member. */
	with(e->r, behalf != HF_JSON_NONE ? behalf : member, e->relation);
}

static void
read_team(struct reading *r)
{
	struct each e = {r,
			 {.kind = HF_REL_MDT,
			  .start = begin_of(r, "period.start"),
			  .end = end_of(r, "period.end"),
			  .reason = "a member of the person's care team"}};

	if (hf_sv_is(text(r, "status"), "active"))
		hf_person_each(&r->o->doc, 0, "participant", read_member, &e);
}

static void
read_consent(struct reading *r)
{
	const struct hf_json *doc = &r->o->doc;
	bool deny = hf_sv_is(text(r, "provision.type"), "deny");
	bool named = hf_dig(doc, 0, "provision.actor") != HF_JSON_NONE;
	hf_time at = begin_of(r, "dateTime");

	if (!hf_sv_is(text(r, "status"), "active") ||
	    !hf_has_code(doc, hf_json_member(doc, 0, "scope"),
			 HF_SV("patient-privacy")))
		return;
	if (named && !deny) {
		hf_time from = begin_of(r, "provision.period.start");

		with_all(r, "provision.actor.reference",
			 (struct hf_relation){.kind = HF_REL_CONSENT,
					      .start = from > at ? from : at,
					      .end = end_of(r, "provision.period.end"),
					      .reason =
						  "the person consents to this party"});
		return;
	}
	/* The newest choice about sharing with everybody holds; of two at the same
	 * time the one that denies. */
	if (at < r->choice_at || (at == r->choice_at && !deny))
		return;
	r->choice_at = at;
	r->out->objection =
	    deny ? hf_person_ref(&r->o->v.e, r->o->v.id, r->ps.arena) : nothing;
}

/* SNOMED CT: dissent from disclosure of personal confidential data by a general
 * practitioner, and its withdrawal. */
#define DISSENT	  "827241000000103"
#define WITHDRAWN "827261000000102"

bool
hf_relation_may_be_type1(const struct hf_entry *e)
{
	uint64_t dissent = hf_code_sig(HF_SV(DISSENT));
	uint64_t withdrawn = hf_code_sig(HF_SV(WITHDRAWN));

	return (e->type == hf_person_type("Observation") ||
		e->type == hf_person_type("Condition") ||
		e->type == hf_person_type("Procedure")) &&
	       ((e->sig & dissent) == dissent || (e->sig & withdrawn) == withdrawn);
}

static void
read_type1(struct reading *r)
{
	const struct hf_json *doc = &r->o->doc;
	uint32_t code = hf_json_member(doc, 0, "code");
	bool dissent = hf_has_code(doc, code, HF_SV(DISSENT));
	hf_time at = r->o->v.e.lo;

	if ((!dissent && !hf_has_code(doc, code, HF_SV(WITHDRAWN))) ||
	    hf_sv_is(text(r, "status"), "entered-in-error") || at < r->type1_at ||
	    (at == r->type1_at && !dissent))
		return;
	r->type1_at = at;
	r->out->type1 =
	    dissent ? hf_person_ref(&r->o->v.e, r->o->v.id, r->ps.arena) : nothing;
}

/* ---- the shelves ---- */

static const struct {
	const char *type;
	void (*read)(struct reading *);
} readers[] = {
    {"Patient", read_patient},	       {"ServiceRequest", read_request},
    {"EpisodeOfCare", read_episode},   {"Encounter", read_encounter},
    {"Appointment", read_appointment}, {"CareTeam", read_team},
    {"Consent", read_consent},	       {"Task", read_task},
};

/* Stays and appointments are many, and nearly all are over: the dates beside the body
 * tell.  That of an appointment is its start. */
static bool
is_past(const struct reading *r, const struct hf_entry *e)
{
	static const hf_time longest = (hf_time)31 * 86400000;

	if (e->lo == 0 && e->hi == 0)
		return false;
	if (e->type == hf_person_type("Encounter"))
		return e->hi < r->since;
	return e->type == hf_person_type("Appointment") && e->hi + longest < r->since;
}

static enum hf_rc
read_entry(struct reading *r, const struct hf_entry *e, struct hf_err *err)
{
	void (*read)(struct reading *) =
	    hf_relation_may_be_type1(e) ? read_type1 : NULL;
	struct opened o;
	enum hf_rc rc;

	if (is_past(r, e))
		return HF_OK;
	for (size_t i = 0; !read && i < HF_COUNT(readers); i++)
		if (e->type == hf_person_type(readers[i].type))
			read = readers[i].read;
	if (!read)
		return HF_OK;
	rc = hf_person_read(r->ps.reader, e->rid, r->ps.arena, &o, err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc)
		return rc;
	r->o = &o;
	read(r);
	r->o = NULL;
	r->at_org = NULL;
	if (r->ps.rc)
		return hf_fail(err, r->ps.rc, r->ps.err.path, "%s", r->ps.err.text);
	return r->full ? hf_fail(err, HF_TOO_LONG, NULL,
				 "the relationships do not fit into memory")
		       : HF_OK;
}

static enum hf_rc
read_shelf(struct reading *r, int64_t shelf, struct hf_err *err)
{
	struct hf_entry *entries;
	size_t n;
	enum hf_rc rc =
	    hf_store_shelf(r->ps.reader, shelf, r->ps.arena, &entries, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = read_entry(r, &entries[i], err);
	return rc;
}

/* What ended before this has no window that reaches to now. */
static hf_time
since_of(const struct hf_policy *policy, hf_time now)
{
	hf_time longest = 0;

	if (!policy)
		return HF_TIME_MIN;
	for (int k = 0; k < HF_RELATIONS; k++)
		if (policy->windows[k].after > longest)
			longest = policy->windows[k].after;
	return now - longest;
}

enum hf_rc
hf_relations_read_shelves(struct hf_reader *reader, const int64_t *shelves, size_t n,
			  const struct hf_care_homes *homes,
			  const struct hf_policy *policy, hf_time now,
			  struct hf_arena *arena, struct hf_relations *out,
			  struct hf_err *err)
{
	struct hf_relations list = {0};
	struct reading r = {.ps = {.reader = reader, .arena = arena},
			    .homes = homes,
			    .out = &list,
			    .choice_at = HF_TIME_MIN,
			    .type1_at = HF_TIME_MIN,
			    .since = since_of(policy, now)};
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = read_shelf(&r, shelves[i], err);
	if (rc == HF_OK)
		*out = list;
	return rc;
}

enum hf_rc
hf_relations_read(struct hf_reader *reader, struct hf_sv id,
		  const struct hf_care_homes *homes, struct hf_arena *arena,
		  struct hf_relations *out, struct hf_err *err)
{
	struct hf_version patient;
	int64_t *shelves;
	size_t n;
	enum hf_rc rc =
	    hf_store_read(reader, HF_SV("Patient"), id, 0, arena, &patient, err);

	if (rc == HF_OK)
		rc = hf_store_person(reader, HF_RID_SHELF(patient.e.rid), arena,
				     &shelves, &n, err);
	if (rc == HF_OK)
		rc = hf_relations_read_shelves(reader, shelves, n, homes, NULL, 0,
					       arena, out, err);
	return rc;
}
