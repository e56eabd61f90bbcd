/* submit.c - a referral is made: who it is about, what is missing, and all its
 * resources in one change. */
#include "hub/io/hub_int.h"

#include "record/io/person_key.h"
#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};

#define URN_PATIENT "urn:uuid:00000000-0000-4000-8000-000000000001"
#define URN_ANSWERS "urn:uuid:00000000-0000-4000-8000-000000000002"
#define URN_REQUEST "urn:uuid:00000000-0000-4000-8000-000000000003"
#define URN_TASK    "urn:uuid:00000000-0000-4000-8000-000000000004"

/* ---- who it is about ---- */

static enum hf_rc
read_patient(struct hub_submitting *s, struct hf_reader *reader, struct hf_sv id,
	     struct hf_err *err)
{
	struct hf_version v;
	enum hf_rc rc =
	    hf_store_read(reader, HF_SV("Patient"), id, 0, s->arena, &v, err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return hf_fail(err, HF_INVALID, "person.id",
			       "there is no person with this id that you may see");
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, s->arena, &s->patient, err);
	s->known = rc == HF_OK;
	s->patient_id = id;
	return rc;
}

/* Whoever takes the call looks for the person in the whole place; others refer
 * those whom they may see. */
static bool
at_hub(const struct hub_submitting *s)
{
	return s->who->anywhere ||
	       (s->hub->ods.n && hf_sv_eq(s->who->ods, s->hub->ods));
}

/* Somebody with this NHS number and, if it is said, this date of birth. */
static enum hf_rc
find_by_number(struct hub_submitting *s, struct hf_err *err)
{
	struct hf_sv id, born;
	enum hf_rc rc;

	if (s->in->person.nhs.n == 0)
		return HF_OK;
	rc = hf_person_key(s->hub->store, s->in->person.nhs, s->arena, &id, err);
	if (rc == HF_NOT_FOUND || rc == HF_RULE)
		return HF_OK; /* nobody, or it is not sure who: somebody new */
	if (rc == HF_OK)
		rc = read_patient(s, s->plain, id, err);
	if (rc)
		return rc;
	born = hf_dig_text(&s->patient, 0, "birthDate", s->arena);
	/* Another's number, or no more than a number from somebody who may not look in
	 * the whole place: the answer must not tell whose it is.  The matcher will look
	 * at it. */
	if (s->in->person.born.n ? !hf_sv_eq(born, s->in->person.born) : !at_hub(s)) {
		s->known = false;
		s->patient_id = nothing;
	}
	return HF_OK;
}

/* The practice that a Patient is registered with. */
static struct hf_sv
practice_of(const struct hf_json *doc, struct hf_arena *arena)
{
	uint32_t list = hf_json_member(doc, 0, "generalPractitioner");

	for (uint32_t c = list == HF_JSON_NONE ? 0 : list + 1;
	     list != HF_JSON_NONE && c < doc->nodes[list].next;
	     c = doc->nodes[c].next) {
		struct hf_sv ref = hf_dig_text(doc, c, "reference", arena);

		if (hf_sv_starts(ref, HF_SV("Organization/")))
			return ref;
	}
	return nothing;
}

static enum hf_rc
find_person(struct hub_submitting *s, struct hf_reader *reader, struct hf_err *err)
{
	const struct hf_intake *in = s->in;
	struct hf_sv born = in->person.born;
	struct hf_date date;
	enum hf_rc rc = HF_OK;

	if (in->person.id.n)
		rc = read_patient(s, at_hub(s) ? s->plain : reader, in->person.id, err);
	else
		rc = find_by_number(s, err);
	if (rc)
		return rc;
	s->postcode = in->person.postcode;
	if (s->known) {
		s->practice = practice_of(&s->patient, s->arena);
		if (s->postcode.n == 0)
			s->postcode =
			    hf_dig_text(&s->patient, 0, "address.postalCode", s->arena);
		born = hf_dig_text(&s->patient, 0, "birthDate", s->arena);
	}
	s->age =
	    hf_date_parse(born, false, &date)
		? hf_age_years(hf_london_day(date.lo + 43200000), hf_london_day(s->at))
		: -1;
	s->belongs = hf_geography_of(
	    s->hub->geography,
	    s->practice.n ? hf_sv_from_at(s->practice, sizeof "Organization/" - 1)
			  : nothing,
	    s->postcode, s->at);
	return HF_OK;
}

/* ---- what decides ---- */

/* Mandatory items that are missing, in words; n 0: none. */
static struct hf_sv
missing(const struct hub_submitting *s)
{
	struct hf_intake_gap gaps[HF_INTAKE_GAPS];
	size_t n = hf_intake_gaps(s->in, s->age, gaps);
	struct hf_buf b = {.cap = 4000};
	struct hf_sv out;

	for (size_t i = 0; i < n; i++)
		if (gaps[i].mandatory)
			hf_buf_printf(&b, "%s%s", b.n ? "; " : "", gaps[i].text);
	out = b.n ? hf_arena_sv(s->arena, hf_buf_view(&b)) : nothing;
	hf_buf_free(&b);
	return out;
}

static struct hf_sv
facts_of(const struct hub_submitting *s, bool complete)
{
	struct hf_buf b = {.cap = 2000};
	struct hf_jw w = {.out = &b};
	struct hf_sv out;

	hf_jw_obj(&w);
	hf_jw_field(&w, "channel", s->in->channel);
	hf_jw_member(&w, "complete");
	hf_jw_bool(&w, complete);
	if (s->in->asked.n)
		hf_jw_field(&w, "urgencyAsked", s->in->asked);
	/* Remote contact serves U5 and U6 where a service allows it; ours all do. */
	hf_jw_member(&w, "remoteAllowed");
	hf_jw_bool(&w, true);
	hf_jw_obj_end(&w);
	out = hf_arena_sv(s->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

static void
put_flag(struct hf_jw *w, struct hf_sv category, struct hf_sv text)
{
	hf_jw_obj(w);
	hf_jw_field(w, "category", category);
	hf_jw_field(w, "text", text);
	hf_jw_obj_end(w);
}

void
hf_submit_flags(const struct hf_intake *in,
		void (*put)(void *ctx, struct hf_sv category, struct hf_sv text),
		void *ctx)
{
	if (hf_intake_said(in->safeguarding))
		put(ctx, HF_SV("SG"), in->safeguarding);
	if (hf_sv_is(in->scene, "U"))
		put(ctx, HF_SV("SS"), HF_SV("Unsafe scene"));
	else if (hf_intake_said(in->lone_worker))
		put(ctx, HF_SV("SS"), in->lone_worker);
	if (hf_intake_said(in->infection))
		put(ctx, HF_SV("IR"), in->infection);
	if (hf_intake_said(in->adjustments))
		put(ctx, HF_SV("RA"), in->adjustments);
	if (hf_intake_said(in->respect))
		put(ctx, HF_SV("RT"), in->respect);
	for (size_t i = 0; i < in->n_flags; i++)
		put(ctx, in->flags[i].category, in->flags[i].text);
}

static void
show_flag(void *ctx, struct hf_sv category, struct hf_sv text)
{
	put_flag(ctx, category, text);
}

static void
put_text(struct hf_jw *w, const char *name, struct hf_sv text)
{
	if (text.n)
		hf_jw_kv(w, hf_sv_from(name), text);
}

/* What boards show, copied onto the event: a practice that moves later, or a corrected
 * problem, does not rewrite the past. */
static struct hf_sv
shown_of(const struct hub_submitting *s)
{
	const struct hf_intake *in = s->in;
	struct hf_buf b = {.cap = 65536};
	struct hf_jw w = {.out = &b};
	struct hf_sv out;

	hf_jw_obj(&w);
	put_text(&w, "problem", in->problem);
	put_text(&w, "condition", in->condition);
	put_text(&w, "source", in->source);
	put_text(&w, "asked", in->asked);
	put_text(&w, "service", in->service);
	put_text(&w, "locality", s->belongs.locality);
	put_text(&w, "localityName", s->belongs.locality_name);
	put_text(&w, "partnership", s->belongs.partnership);
	put_text(&w, "practice", s->belongs.practice);
	put_text(&w, "postcode", s->postcode);
	put_text(&w, "foreign", in->foreign);
	put_text(&w, "from", s->who->ods);
	if (in->n_news2) {
		hf_jw_key(&w, s->news2 >= 0 ? HF_SV("news2") : HF_SV("news2Partial"));
		hf_jw_int(&w, s->news2 >= 0 ? s->news2 : 1);
	}
	if (in->cfs > 0) {
		hf_jw_member(&w, "cfs");
		hf_jw_int(&w, in->cfs);
	}
	hf_jw_member(&w, "flags");
	hf_jw_arr(&w);
	hf_submit_flags(in, show_flag, &w);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
	out = hf_arena_sv(s->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

/* The hours of the service asked for: of its first team. */
static struct hf_sv
hours_of(const struct hub_submitting *s)
{
	const struct hf_directory *d = &s->hub->directory;

	for (size_t i = 0; i < d->n; i++)
		if (d->items[i].active &&
		    hf_sv_eq(d->items[i].service, s->in->service) &&
		    !hf_sv_eq(d->items[i].service, nothing))
			return hf_hours_write(&d->items[i].hours, s->arena);
	return nothing;
}

/* ---- the resources ---- */

static void
add_flag(void *ctx, struct hf_sv category, struct hf_sv text)
{
	struct hub_submitting *s = ctx;
	struct hf_buf *out = hf_work_buf(s->w);

	s->b.out = out;
	hf_build_flag(&s->b, category, text);
	hf_work_add(s->w, out, hf_resource_find(HF_SV("Flag")), NULL);
}

static void
add_measures(struct hub_submitting *s)
{
	struct hf_score_result result;
	hf_type_id observation = hf_resource_find(HF_SV("Observation"));
	struct hf_date taken;
	struct hf_buf *out;

	if (s->in->n_news2 &&
	    hf_score_run(&s->hub->news2, s->age < 0 ? 18 : s->age, s->in->news2,
			 s->in->n_news2, &result, NULL) == HF_OK) {
		out = s->b.out = hf_work_buf(s->w);
		hf_build_news2(
		    &s->b, &s->hub->news2, s->in->news2, s->in->n_news2, &result,
		    hf_date_parse(s->in->news2_at, false, &taken) ? taken.lo : s->at);
		hf_work_add(s->w, out, observation, NULL);
	}
	if (s->in->cfs > 0) {
		out = s->b.out = hf_work_buf(s->w);
		hf_build_cfs(&s->b, s->in->cfs);
		hf_work_add(s->w, out, observation, NULL);
	}
}

static void
add_request(struct hub_submitting *s, struct hf_sv requester)
{
	const struct hf_intake *in = s->in;
	struct hf_build_request r = {
	    .answers = HF_SV(URN_ANSWERS),
	    .requester = requester,
	    .requester_name =
		in->referrer.name.n ? in->referrer.name : in->referrer.org,
	    .asked = in->asked,
	    .service = in->service,
	    .condition = in->condition,
	    .problem = in->problem,
	    .problem_code = in->problem_code,
	    .decided = in->decided,
	};
	struct hf_buf *out = s->b.out = hf_work_buf(s->w);

	hf_build_request(&s->b, &r);
	hf_work_add(s->w, out, s->hub->request, URN_REQUEST);
}

static void
add_task(struct hub_submitting *s, struct hf_sv requester)
{
	struct hf_build_task t = {
	    .pathway = s->hub->p,
	    .withheld = hf_intake_withheld(s->in),
	    .state = s->story.replay.in.state,
	    .owner = s->b.hub,
	    .owner_name = s->b.hub_name,
	    .urgency = s->in->asked,
	    .requester = requester,
	    .requester_name =
		s->in->referrer.name.n ? s->in->referrer.name : s->in->referrer.org,
	    .condition = s->in->condition,
	    .events = &s->event,
	    .n = 1,
	};
	struct hf_buf *out = s->b.out = hf_work_buf(s->w);

	hf_build_task(&s->b, &t);
	s->w->task = s->w->n;
	hf_work_add(s->w, out, s->hub->task, URN_TASK);
}

static void
add_all(struct hub_submitting *s)
{
	struct hf_sv requester = s->who->who;
	struct hf_buf *out;

	s->b.request = HF_SV(URN_REQUEST);
	s->b.task = HF_SV(URN_TASK);
	s->b.patient = s->known ? hf_arena_printf(s->arena, "Patient/%.*s",
						  HF_SV_ARG(s->patient_id))
				: HF_SV(URN_PATIENT);
	if (!s->known) {
		out = s->b.out = hf_work_buf(s->w);
		hf_build_patient(&s->b, s->in, s->practice);
		hf_work_add(s->w, out, s->hub->patient, URN_PATIENT);
	}
	out = s->b.out = hf_work_buf(s->w);
	hf_build_answers(&s->b, s->in);
	hf_work_add(s->w, out, hf_resource_find(HF_SV("QuestionnaireResponse")),
		    URN_ANSWERS);
	add_request(s, requester);
	add_task(s, requester);
	out = s->b.out = hf_work_buf(s->w);
	hf_build_provenance(&s->b, s->event.event, HF_SV("Submit"), s->event.note);
	hf_work_add(s->w, out, hf_resource_find(HF_SV("Provenance")), NULL);
	hf_submit_flags(s->in, add_flag, s);
	add_measures(s);
}

/* What time and the start of clocks ask for at once: a breach that the sender's clock
 * has passed already. */
static void
make_row(struct hub_submitting *s, struct hf_hub_work *work)
{
	struct hf_hub_row *row = &s->w->row;

	*row = (struct hf_hub_row){.news2 = -1, .cfs = -1, .next = HF_TIME_MAX};
	if (s->known)
		hf_row_patient(&s->patient, s->arena, row);
	else {
		row->name = s->in->person.family.n || s->in->person.given.n
				? hf_arena_printf(s->arena, "%.*s%s%.*s",
						  HF_SV_ARG(s->in->person.family),
						  s->in->person.given.n ? ", " : "",
						  HF_SV_ARG(s->in->person.given))
				: HF_SV("Unknown person");
		row->born = s->in->person.born;
		row->sex = s->in->person.sex;
		row->nhs = s->in->person.nhs;
	}
	row->patient = s->patient_id;
	hf_row_story(s->hub, &s->story, s->arena, row);
	(void)work;
}

static enum hf_rc
replay_submit(struct hub_submitting *s, hf_pw_set roles, struct hf_sv gap,
	      struct hf_err *err)
{
	enum hf_rc rc;

	s->story.events = hf_arena_array(s->arena, 1, sizeof *s->story.events);
	s->story.states = hf_arena_array(s->arena, 1, 1);
	if (!s->story.events || !s->story.states)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the referral needs too much memory");
	hf_replay_begin(&s->story.replay, s->hub->p, s->arena);
	rc = hf_replay_event(&s->story.replay, &s->event, roles, err);
	if (rc == HF_RULE && gap.n && hf_sv_is(s->in->channel, "page"))
		return hf_fail(err, HF_RULE, "missing", "these are missing: %.*s",
			       (int)(gap.n < 400 ? gap.n : 400), gap.p);
	if (rc)
		return rc;
	s->event.step = hf_sv_from(s->hub->p->steps[s->story.replay.effects.step].id);
	s->story.events[0] = s->event;
	s->story.states[0] = s->story.replay.in.state;
	s->story.n = 1;
	return HF_OK;
}

enum hf_rc
hf_submit_settle(struct hub_submitting *s, struct hf_reader *reader, struct hf_sv *gap,
		 struct hf_err *err)
{
	enum hf_rc rc = find_person(s, reader, err);

	if (rc == HF_OK)
		rc = hf_intake_news2(s->in, &s->hub->news2, s->age, &s->news2, err);
	if (rc)
		return rc;
	*gap = missing(s);
	s->event = (struct hf_hub_event){
	    .at = s->at,
	    .event = HF_SV("submit"),
	    .role = s->who->role,
	    .by = s->who->who.n ? s->who->who : s->who->id,
	    .name = s->who->name,
	    .facts = facts_of(s, gap->n == 0),
	    .note = s->in->expectation,
	    .shown = shown_of(s),
	    .age = s->age,
	};
	return HF_OK;
}

static enum hf_rc
build(struct hub_submitting *s, struct hf_reader *reader, struct hf_hub_work *work,
      struct hf_err *err)
{
	struct hf_sv gap;
	enum hf_rc rc = hf_submit_settle(s, reader, &gap, err);

	if (rc)
		return rc;
	pthread_mutex_lock(&s->hub->lock);
	rc = hf_hub_directory(s->hub, s->plain, s->at, err);
	if (rc == HF_OK)
		s->event.hours = hours_of(s);
	pthread_mutex_unlock(&s->hub->lock);
	if (rc == HF_OK)
		rc = replay_submit(s, hf_hub_roles_for(s->hub, s->who, NULL), gap, err);
	if (rc)
		return rc;
	s->b = (struct hf_build){
	    .at = s->at,
	    .who = s->who->who,
	    .who_name = s->who->name,
	    .role = s->who->role,
	    .hub =
		hf_arena_printf(s->arena, "Organization/%.*s", HF_SV_ARG(s->hub->org)),
	    .hub_name = s->hub->org_name,
	};
	add_all(s);
	make_row(s, work);
	return HF_OK;
}

enum hf_rc
hf_hub_submit(struct hf_hub *hub, struct hf_reader *reader,
	      const struct hf_hub_actor *who, const struct hf_intake *in, hf_time at,
	      struct hf_arena *arena, struct hf_hub_work **out, struct hf_err *err)
{
	struct hub_submitting s = {
	    .hub = hub, .arena = arena, .who = who, .in = in, .at = at, .news2 = -1};
	struct hf_hub_work *work;
	enum hf_rc rc;

	if (hub->org.n == 0)
		return hf_fail(err, HF_RULE, NULL,
			       "the place has no hub: an Organization of the kind hub "
			       "is needed");
	work = hf_work_new(hub, who, at, arena, err);
	if (!work)
		return HF_TOO_LONG;
	s.w = hf_work_of(work);
	rc = hf_reader_get(hub->store, &s.plain, err);
	if (rc == HF_OK)
		rc = build(&s, reader, work, err);
	if (rc == HF_OK)
		rc = hf_work_ready(work, s.plain, err);
	hf_reader_put(s.plain);
	if (rc == HF_OK)
		*out = work;
	return rc;
}
