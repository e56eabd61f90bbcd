/* bars_keep.c - keeping what a message holds. */
#include "hub/bars_int.h"
#include "hub/io/bars.h"
#include "hub/io/bars_log.h"
#include "record/person_text.h"

#include <stdio.h>

#define OURS "https://homefirst.example/"

const char *const hf_bars_log_systems[HF_BARS_LOG_VALUES] = {
    [HF_BARS_LOG_MESSAGE] = OURS "Id/bars-message",
    [HF_BARS_LOG_BUNDLE] = OURS "Id/bars-bundle",
    [HF_BARS_LOG_DIGEST] = OURS "Id/bars-digest",
    [HF_BARS_LOG_HEADER] = OURS "Id/x-request-id",
    [HF_BARS_LOG_NUMBER] = OURS "Id/bars-version",
};

struct hf_sv
hf_bars_log_value(const struct hf_json *log, enum hf_bars_log_value value,
		  struct hf_arena *arena)
{
	struct hf_sv system = hf_sv_from(hf_bars_log_systems[value]);
	uint32_t list = hf_json_member(log, 0, "identifier");

	for (uint32_t i = 0; i < hf_json_count(log, list); i++) {
		uint32_t one = hf_json_at(log, list, i);

		if (hf_sv_eq(hf_dig_text(log, one, "system", arena), system))
			return hf_dig_text(log, one, "value", arena);
	}
	return (struct hf_sv){0};
}

enum place { OWN, OWN_WITHOUT_SUBJECT, PERSON, CONTAINED };

struct keeping {
	const struct hf_bars_case *c;
	const struct hf_bars *b;
	enum hf_bars_outcome outcome;
	const struct hf_issues *said;
	hf_time now;
	struct hf_arena *arena;
	struct hf_sv *ids;
	enum place *places;
	bool aside; /* it changes nothing: beside what is there */
};

/* ---- where an entry goes ---- */

/* A resource about the person stands on their shelf.  Findings that leave the subject
 * out, because their encounter says it, are given it: else they would be nobody's. */
static enum place
place_of(const struct keeping *k, size_t i)
{
	const struct hf_bars_entry *e = &k->b->entries[i];
	struct hf_sv type = hf_sv_from(hf_type_get(e->type)->name);
	uint32_t subject = hf_json_member(k->b->doc, e->node, "subject");

	if (i == k->b->patient)
		return PERSON;
	if (subject == HF_JSON_NONE)
		subject = hf_json_member(k->b->doc, e->node, "patient");
	if (subject == HF_JSON_NONE)
		return hf_sv_is(type, "Observation") ||
			       hf_sv_is(type, "QuestionnaireResponse")
			   ? OWN_WITHOUT_SUBJECT
			   : CONTAINED;
	return hf_bars_find(k->b, hf_bars_get(k->b->doc, subject, "reference",
					      k->arena)) == k->b->patient
		   ? OWN
		   : CONTAINED;
}

static struct hf_sv
id_of(const struct keeping *k, size_t i)
{
	const struct hf_bars_entry *e = &k->b->entries[i];
	struct hf_sv name = e->full_url.n ? e->full_url : e->id;

	if (k->places[i] == CONTAINED)
		return (struct hf_sv){0};
	if (i == k->b->patient)
		return k->c->patient;
	if (i == k->b->request && !k->aside)
		return k->c->id;
	name = name.n ? hf_arena_printf(k->arena, "%.*s|%s|%.*s", HF_SV_ARG(k->c->id),
					hf_type_get(e->type)->name, HF_SV_ARG(name))
		      : hf_arena_printf(k->arena, "%.*s|%s|%zu", HF_SV_ARG(k->c->id),
					hf_type_get(e->type)->name, i);
	if (k->aside)
		name = hf_arena_printf(k->arena, "%.*s|%.*s", HF_SV_ARG(name),
				       HF_SV_ARG(k->c->message));
	return hf_bars_id(&k->c->owner, k->aside ? "aside" : "part", name, k->arena);
}

static enum hf_rc
plan(struct keeping *k, struct hf_err *err)
{
	k->places = hf_arena_array(k->arena, k->b->n, sizeof *k->places);
	k->ids = hf_arena_array(k->arena, k->b->n, sizeof *k->ids);
	if (!k->places || !k->ids)
		return hf_fail(err, HF_TOO_LONG, NULL, "the message is too large");
	for (size_t i = 0; i < k->b->n; i++) {
		k->places[i] = place_of(k, i);
		k->ids[i] = id_of(k, i);
		if (k->places[i] == CONTAINED &&
		    hf_json_member(k->b->doc, k->b->entries[i].node, "contained") !=
			HF_JSON_NONE)
			return hf_fail(err, HF_RULE, "Bundle.entry.resource.contained",
				       "entry %zu contains resources: send them as "
				       "entries",
				       i);
	}
	return HF_OK;
}

/* ---- writing ---- */

/* meta as it came, but for source: where it comes from is not the sender's to say. */
static void
put_meta(struct hf_jw *w, const struct hf_json *d, uint32_t meta)
{
	hf_jw_obj(w);
	for (uint32_t c = meta + 1; c < d->nodes[meta].next; c = d->nodes[c].next) {
		if (hf_sv_is(hf_json_key(d, c), "source"))
			continue;
		hf_jw_key(w, hf_json_key(d, c));
		hf_jw_raw(w, hf_json_source(d, c));
	}
	hf_jw_obj_end(w);
}

static void
put_resource(struct hf_jw *w, const struct keeping *k, size_t i, struct hf_sv id)
{
	const struct hf_json *d = k->b->doc;
	uint32_t node = k->b->entries[i].node;

	hf_jw_obj(w);
	hf_jw_field(w, "resourceType",
		    hf_sv_from(hf_type_get(k->b->entries[i].type)->name));
	hf_jw_field(w, "id", id);
	for (uint32_t c = node + 1; c < d->nodes[node].next; c = d->nodes[c].next) {
		struct hf_sv key = hf_json_key(d, c);

		if (hf_sv_is(key, "resourceType") || hf_sv_is(key, "id"))
			continue;
		if (hf_sv_is(key, "meta") && hf_json_count(d, c) == 1 &&
		    hf_json_member(d, c, "source") != HF_JSON_NONE)
			continue;
		hf_jw_key(w, key);
		if (hf_sv_is(key, "meta"))
			put_meta(w, d, c);
		else
			hf_jw_raw(w, hf_json_source(d, c));
	}
	if (k->places[i] == OWN_WITHOUT_SUBJECT) {
		hf_jw_member(w, "subject");
		hf_jw_obj(w);
		hf_jw_member(w, "reference");
		hf_jw_raw(w, hf_json_source(
				 d, hf_bars_at(d, k->b->entries[k->b->request].node,
					       HF_SV("subject.reference"))));
		hf_jw_obj_end(w);
	}
	hf_jw_obj_end(w);
}

static void
put_identifier(struct hf_jw *w, enum hf_bars_log_value value, struct hf_sv text)
{
	if (text.n == 0)
		return;
	hf_jw_obj(w);
	hf_jw_field(w, "system", hf_sv_from(hf_bars_log_systems[value]));
	hf_jw_field(w, "value", text);
	hf_jw_obj_end(w);
}

static void
put_time(struct hf_jw *w, const char *name, hf_time at)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name),
		 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

static void
put_code(struct hf_jw *w, const char *system, const char *code)
{
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "system", hf_sv_from(system));
	hf_jw_field(w, "code", hf_sv_from(code));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static bool
is_id(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' ||
		      s.p[i] == '.' || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		      (s.p[i] >= 'a' && s.p[i] <= 'z')))
			return false;
	return s.n > 0 && s.n <= 64;
}

/* What another entry's reference to it ends with, so that it can be found. */
static struct hf_sv
contained_id(const struct keeping *k, size_t i)
{
	struct hf_sv url = k->b->entries[i].full_url;

	if (hf_sv_starts(url, HF_SV("urn:uuid:")))
		url = hf_sv_from_at(url, 9);
	if (is_id(url))
		return url;
	return hf_arena_printf(k->arena, "entry-%zu", i);
}

static void
put_contained(struct hf_jw *w, const struct keeping *k)
{
	hf_jw_member(w, "contained");
	hf_jw_arr(w);
	for (size_t i = 0; i < k->b->n; i++)
		if (k->places[i] == CONTAINED || (k->aside && k->places[i] == PERSON))
			put_resource(w, k, i, contained_id(k, i));
	hf_jw_arr_end(w);
}

static void
put_about(struct hf_jw *w, const struct keeping *k)
{
	hf_jw_member(w, "about");
	hf_jw_arr(w);
	for (size_t i = 0; i < k->b->n; i++) {
		char text[160];

		if (i == k->b->patient && !k->aside)
			continue;
		if (k->ids[i].n && i != k->b->patient)
			snprintf(text, sizeof text, "%s/%.*s",
				 hf_type_get(k->b->entries[i].type)->name,
				 HF_SV_ARG(k->ids[i]));
		else
			snprintf(text, sizeof text, "#%.*s",
				 HF_SV_ARG(contained_id(k, i)));
		hf_jw_obj(w);
		hf_jw_field(w, "reference", hf_sv_from(text));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_identifiers(struct hf_jw *w, const struct keeping *k)
{
	int64_t number = k->aside ? k->c->known.number : k->b->number;
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)number);
	hf_jw_member(w, "identifier");
	hf_jw_arr(w);
	put_identifier(w, HF_BARS_LOG_MESSAGE, k->c->message);
	put_identifier(w, HF_BARS_LOG_BUNDLE, k->b->bundle);
	put_identifier(w, HF_BARS_LOG_DIGEST, k->c->digest);
	put_identifier(w, HF_BARS_LOG_HEADER, k->c->header);
	if (number)
		put_identifier(w, HF_BARS_LOG_NUMBER, hf_sv_from(text));
	hf_jw_arr_end(w);
}

static void
put_said(struct hf_jw *w, const struct keeping *k)
{
	hf_jw_member(w, "note");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "text", hf_sv_from(hf_bars_outcomes[k->outcome].text));
	hf_jw_obj_end(w);
	for (size_t i = 0; i < k->said->n; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "text", k->said->items[i].text);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* sent and status are of the version that counts; the rest is of this message. */
static void
put_log(struct hf_jw *w, const struct keeping *k)
{
	static const char *const reasons[] = {"new", "update", "delete"};
	bool withdrawn = k->aside ? k->c->known.withdrawn : k->b->ask != HF_BARS_REFER;
	hf_time sent = k->aside ? k->c->known.at : k->b->at;

	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Communication"));
	put_contained(w, k);
	put_identifiers(w, k);
	hf_jw_field(w, "status", withdrawn ? HF_SV("stopped") : HF_SV("completed"));
	hf_jw_member(w, "statusReason");
	put_code(w, OURS "CodeSystem/bars-outcome", hf_bars_outcomes[k->outcome].name);
	hf_jw_member(w, "category");
	hf_jw_arr(w);
	put_code(w, OURS "CodeSystem/hub-communication", "bars");
	hf_jw_arr_end(w);
	hf_jw_member(w, "subject");
	hf_jw_obj(w);
	hf_jw_member(w, "reference");
	hf_jw_str(w,
		  hf_arena_printf(k->arena, "Patient/%.*s", HF_SV_ARG(k->c->patient)));
	hf_jw_obj_end(w);
	put_about(w, k);
	if (sent != HF_TIME_MIN)
		put_time(w, "sent", sent);
	put_time(w, "received", k->now);
	hf_jw_member(w, "reasonCode");
	hf_jw_arr(w);
	put_code(w, "https://fhir.nhs.uk/CodeSystem/message-reason-bars",
		 reasons[k->b->reason]);
	hf_jw_arr_end(w);
	put_said(w, k);
	hf_jw_obj_end(w);
}

/* ---- the change ---- */

static enum hf_rc
parse_into(const struct keeping *k, struct hf_buf *text, struct hf_change_item *item,
	   struct hf_err *err)
{
	struct hf_sv copy = hf_arena_sv(k->arena, hf_buf_view(text));
	struct hf_json *doc = HF_NEW(k->arena, struct hf_json);
	bool failed = text->failed || !copy.p || !doc;

	hf_buf_free(text);
	if (failed)
		return hf_fail(err, HF_TOO_LONG, NULL, "the message is too large");
	item->doc = doc;
	return hf_json_parse(copy, NULL, k->arena, doc, err);
}

static enum hf_rc
add_entry(const struct keeping *k, size_t i, struct hf_change_item *item,
	  struct hf_err *err)
{
	struct hf_buf text = {.cap = HF_BARS_BYTES};
	struct hf_jw w = {.out = &text};

	*item = (struct hf_change_item){
	    .op = HF_OP_PUT,
	    .type = k->b->entries[i].type,
	    .id = k->ids[i],
	    .full_url = k->b->entries[i].full_url,
	};
	put_resource(&w, k, i, k->ids[i]);
	return parse_into(k, &text, item, err);
}

/* A person who is there stays as they are: references to them are all that is new. */
static void
add_person(const struct keeping *k, hf_rid rid, struct hf_change_item *item)
{
	*item = (struct hf_change_item){
	    .op = HF_OP_CREATE,
	    .type = k->b->entries[k->b->patient].type,
	    .full_url = k->b->entries[k->b->patient].full_url,
	    .cond_rid = rid,
	    .skip = true,
	};
}

static enum hf_rc
add_log(const struct keeping *k, struct hf_change_item *item, struct hf_err *err)
{
	struct hf_buf text = {.cap = 2 * HF_BARS_BYTES};
	struct hf_jw w = {.out = &text};

	*item = (struct hf_change_item){
	    .op = HF_OP_PUT,
	    .type = hf_resource_find(HF_SV("Communication")),
	    .id = k->c->id,
	    .if_match = k->c->version,
	    .if_none_match_any = k->c->version == 0,
	};
	put_log(&w, k);
	return parse_into(k, &text, item, err);
}

enum hf_rc
hf_bars_keep(const struct hf_bars_case *c, enum hf_bars_outcome outcome,
	     const struct hf_issues *said, hf_time now, struct hf_arena *arena,
	     struct hf_change *change, struct hf_sv **ids, struct hf_err *err)
{
	struct keeping k = {
	    .c = c,
	    .b = c->bars,
	    .outcome = outcome,
	    .said = said,
	    .now = now,
	    .arena = arena,
	    .aside = outcome == HF_BARS_OLDER || outcome == HF_BARS_WITHDRAWN ||
		     outcome == HF_BARS_CONTACT,
	};
	enum hf_rc rc = plan(&k, err);

	if (rc)
		return rc;
	change->items = hf_arena_array(arena, k.b->n + 1, sizeof *change->items);
	if (!change->items)
		return hf_fail(err, HF_TOO_LONG, NULL, "the message is too large");
	change->n = 0;
	rc = add_log(&k, &change->items[change->n++], err);
	for (size_t i = 0; rc == HF_OK && i < k.b->n; i++) {
		if (k.places[i] == CONTAINED)
			continue;
		if (k.places[i] == PERSON && k.aside)
			add_person(&k, c->patient_rid, &change->items[change->n]);
		else
			rc = add_entry(&k, i, &change->items[change->n], err);
		change->n++;
	}
	*ids = k.ids;
	return rc;
}
