/* bars_story.c - the responses that a request's sender is owed, out of the referral's
 * story.  Nothing is kept: the story is, and the same story gives the same messages. */
#include "hub/bars_int.h"
#include "hub/bars_write.h"
#include "hub/io/bars.h"
#include "hub/io/bars_log.h"
#include "hub/io/hub_int.h"
#include "record/person_text.h"

enum { PARTS_MOST = 64 };

struct telling {
	const struct hf_hub *hub;
	struct hf_reader *plain;
	struct hf_arena *arena;
	struct hf_bars_owner owner;
	struct hf_sv id;
	struct hf_version log_v;
	struct hf_json log;
	uint32_t header; /* contained in the log */
	struct hf_bars_part parts[PARTS_MOST];
	size_t n_parts;
	struct hf_json task;
	struct hf_sv task_id;
	struct hf_story story;
	struct hf_bars_response r;
};

/* ---- the log ---- */

static struct hf_sv
text_at(const struct telling *t, uint32_t node, const char *path)
{
	return hf_dig_text(&t->log, node, path, t->arena);
}

/* The contained resource that a reference of the message means. */
static uint32_t
contained(const struct telling *t, struct hf_sv reference)
{
	uint32_t list = hf_json_member(&t->log, 0, "contained");

	if (hf_sv_starts(reference, HF_SV("urn:uuid:")))
		reference = hf_sv_from_at(reference, 9);
	for (uint32_t i = 0; i < hf_json_count(&t->log, list); i++) {
		uint32_t one = hf_json_at(&t->log, list, i);

		if (reference.n && hf_sv_eq(text_at(t, one, "id"), reference))
			return one;
	}
	return HF_JSON_NONE;
}

static uint32_t
find_header(const struct telling *t)
{
	uint32_t list = hf_json_member(&t->log, 0, "contained");

	for (uint32_t i = 0; i < hf_json_count(&t->log, list); i++) {
		uint32_t one = hf_json_at(&t->log, list, i);

		if (hf_sv_is(text_at(t, one, "resourceType"), "MessageHeader"))
			return one;
	}
	return HF_JSON_NONE;
}

/* Whose request it is: nobody else is told that it is there. */
static enum hf_rc
read_log(struct telling *t, struct hf_sv signed_in, struct hf_err *err)
{
	uint32_t sender;
	enum hf_rc rc = hf_store_read(t->plain, HF_SV("Communication"), t->id, 0,
				      t->arena, &t->log_v, err);

	if (rc == HF_OK)
		rc = hf_json_parse(t->log_v.body, NULL, t->arena, &t->log, err);
	t->header = HF_JSON_NONE;
	if (rc == HF_OK)
		t->header = find_header(t);
	if (rc == HF_OK && t->header != HF_JSON_NONE) {
		sender = contained(t, text_at(t, t->header, "sender.reference"));
		t->owner = (struct hf_bars_owner){
		    signed_in, hf_bars_ods(&t->log, sender, t->arena)};
		if (hf_bars_id_is_of(&t->owner, t->id))
			return HF_OK;
	}
	if (rc && rc != HF_NOT_FOUND && rc != HF_GONE)
		return rc;
	return hf_fail(err, HF_NOT_FOUND, NULL, "no request of yours has this id");
}

/* ---- the resources ---- */

static void
add_part(struct telling *t, const struct hf_json *doc, uint32_t node, struct hf_sv type,
	 struct hf_sv id)
{
	if (t->n_parts < PARTS_MOST && id.n == 36)
		t->parts[t->n_parts++] = (struct hf_bars_part){doc, node, type, id};
}

static bool
is_told(struct hf_sv type)
{
	static const char *const types[] = {"ServiceRequest", "Encounter",
					    "Organization", "Practitioner",
					    "PractitionerRole"};

	for (size_t i = 0; i < HF_COUNT(types); i++)
		if (hf_sv_eq(type, hf_sv_from(types[i])))
			return true;
	return false;
}

static void
add_reference(struct telling *t, struct hf_sv reference)
{
	struct hf_json *doc = HF_NEW(t->arena, struct hf_json);
	struct hf_sv whole = reference, type;
	struct hf_version v;
	uint32_t node;

	if (hf_sv_starts(whole, HF_SV("#"))) {
		node = contained(t, hf_sv_from_at(whole, 1));
		type = text_at(t, node, "resourceType");
		if (is_told(type))
			add_part(t, &t->log, node, type, hf_sv_from_at(whole, 1));
		return;
	}
	type = hf_sv_cut(&reference, '/');
	if ((!is_told(type) && !hf_sv_is(type, "Patient")) || !doc ||
	    hf_store_read(t->plain, type, reference, 0, t->arena, &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, t->arena, doc, NULL) != HF_OK)
		return;
	add_part(t, doc, 0, type, reference);
}

static void
read_parts(struct telling *t)
{
	uint32_t about = hf_json_member(&t->log, 0, "about");

	add_reference(t, text_at(t, 0, "subject.reference"));
	for (uint32_t i = 0; i < hf_json_count(&t->log, about); i++)
		add_reference(t,
			      text_at(t, hf_json_at(&t->log, about, i), "reference"));
}

/* ---- the story ---- */

static void
take_task(struct telling *t, const struct hf_entry *e)
{
	struct hf_version v;
	struct hf_story story;
	struct hf_json doc, shown;

	if (hf_store_read_rid(t->plain, e->rid, 0, t->arena, &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, t->arena, &doc, NULL) != HF_OK ||
	    hf_story_read(t->hub->p, &doc, t->arena, &story, NULL) != HF_OK ||
	    hf_json_parse(story.events[0].shown, NULL, t->arena, &shown, NULL) !=
		HF_OK ||
	    !hf_sv_eq(hf_dig_text(&shown, 0, "foreign", t->arena), t->id))
		return;
	t->task = doc;
	t->task_id = v.id;
	t->story = story;
}

static enum hf_rc
read_story(struct telling *t, struct hf_err *err)
{
	struct hf_entry *entries = NULL;
	size_t n = 0;
	enum hf_rc rc = hf_store_shelf(t->plain, HF_RID_SHELF(t->log_v.e.rid), t->arena,
				       &entries, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (entries[i].type == t->hub->task)
			take_task(t, &entries[i]);
	return rc;
}

/* ---- the messages ---- */

static struct hf_bars_step
step_of(const struct telling *t, size_t i)
{
	const struct hf_hub_event *e = &t->story.events[i];
	struct hf_bars_step step = {
	    .event = e->event,
	    .to = hf_sv_from(t->hub->p->states[t->story.states[i]].id),
	    .at = e->at,
	    .note = e->note,
	    .sender = hf_sv_is(e->role, "system"),
	};
	struct hf_json given, facts;

	if (e->given.n &&
	    hf_json_parse(e->given, NULL, t->arena, &given, NULL) == HF_OK) {
		step.reason = hf_dig_text(&given, 0, "reason", t->arena);
		if (step.note.n == 0)
			step.note = hf_dig_text(&given, 0, "advice", t->arena);
		if (step.note.n == 0)
			step.note = hf_dig_text(&given, 0, "alternative", t->arena);
	}
	if (step.reason.n == 0 && e->facts.n &&
	    hf_sv_is(step.event, "record-outcome") &&
	    hf_json_parse(e->facts, NULL, t->arena, &facts, NULL) == HF_OK)
		step.reason = hf_dig_text(&facts, 0, "outcome", t->arena);
	return step;
}

static struct hf_sv
uuid_of(const struct telling *t, const char *kind, size_t i)
{
	return hf_bars_id(
	    &t->owner, kind,
	    hf_arena_printf(t->arena, "%.*s|%zu", HF_SV_ARG(t->task_id), i), t->arena);
}

static struct hf_sv
organization(const struct telling *t, const char *path)
{
	struct hf_sv reference = text_at(t, t->header, path);

	if (hf_sv_starts(reference, HF_SV("urn:uuid:")))
		reference = hf_sv_from_at(reference, 9);
	return contained(t, reference) != HF_JSON_NONE && reference.n == 36
		   ? reference
		   : (struct hf_sv){0};
}

/* What all responses of a request have in common: the sender becomes the receiver. */
static void
prepare(struct telling *t)
{
	struct hf_sv definition = text_at(t, t->header, "definition");
	struct hf_sv subject = text_at(t, 0, "subject.reference");
	struct hf_sv name;

	(void)hf_hub_self(t->hub, &name);
	t->r = (struct hf_bars_response){
	    .to = hf_bars_log_value(&t->log, HF_BARS_LOG_BUNDLE, t->arena),
	    .encounter = hf_bars_id(&t->owner, "encounter", t->id, t->arena),
	    .case_number = t->task_id,
	    .standard = HF_SV("1.1.0"),
	    .definition_kind = hf_sv_ends(definition, HF_SV("-validation"))
				   ? HF_SV("validation")
				   : HF_SV("referral"),
	    .name = name,
	    .software_version = HF_SV(HF_VERSION),
	    .from = text_at(t, t->header, "destination.endpoint"),
	    .reply_to = text_at(t, t->header, "source.endpoint"),
	    .patient = hf_sv_from_at(subject, sizeof "Patient/" - 1),
	    .sender = organization(t, "sender.reference"),
	    .receiver = organization(t, "destination.receiver.reference"),
	    .parts = t->parts,
	    .n_parts = t->n_parts,
	};
	if (t->r.to.n == 0)
		t->r.to = hf_bars_log_value(&t->log, HF_BARS_LOG_MESSAGE, t->arena);
}

static void
write_messages(struct telling *t, struct hf_jw *w)
{
	for (size_t i = 0; i < t->story.n; i++) {
		struct hf_bars_step step = step_of(t, i);
		struct hf_buf message = {.cap = HF_BARS_BYTES};

		t->r.stage = hf_bars_stage_of(&step);
		if (t->r.stage == HF_BARS_SILENT)
			continue;
		t->r.step = &step;
		t->r.id = uuid_of(t, "response", i);
		t->r.header = uuid_of(t, "response-header", i);
		t->r.plan = uuid_of(t, "response-plan", i);
		hf_bars_write_response(&message, &t->r);
		hf_jw_obj(w);
		hf_jw_field(
		    w, "fullUrl",
		    hf_arena_printf(t->arena, "urn:uuid:%.*s", HF_SV_ARG(t->r.id)));
		hf_jw_member(w, "resource");
		hf_jw_raw(w, hf_buf_view(&message));
		hf_jw_obj_end(w);
		w->out->failed |= message.failed;
		hf_buf_free(&message);
		t->r.to = t->r.id;
		t->r.again = true;
	}
}

enum hf_rc
hf_bars_responses(const struct hf_hub *hub, struct hf_reader *plain,
		  struct hf_sv signed_in, struct hf_sv id, struct hf_arena *arena,
		  struct hf_buf *out, hf_rid *person, struct hf_err *err)
{
	struct telling *t = HF_NEW(arena, struct telling);
	struct hf_jw w = {.out = out};
	enum hf_rc rc;

	if (!t)
		return hf_fail(err, HF_TOO_LONG, NULL, "too much memory");
	t->hub = hub;
	t->plain = plain;
	t->arena = arena;
	t->id = id;
	rc = read_log(t, signed_in, err);
	if (rc == HF_OK)
		rc = read_story(t, err);
	if (rc)
		return rc;
	read_parts(t);
	prepare(t);
	*person = HF_RID_MIN(HF_RID_SHELF(t->log_v.e.rid));
	hf_jw_obj(&w);
	hf_jw_field(&w, "resourceType", HF_SV("Bundle"));
	hf_jw_field(&w, "type", HF_SV("collection"));
	if (t->story.n) {
		size_t before = out->n;
		size_t open;

		hf_jw_member(&w, "entry");
		hf_jw_arr(&w);
		open = out->n;
		write_messages(t, &w);
		if (out->n == open) { /* FHIR has no empty lists */
			out->n = before;
			w.comma = true;
		} else {
			hf_jw_arr_end(&w);
		}
	}
	hf_jw_obj_end(&w);
	return HF_OK;
}
