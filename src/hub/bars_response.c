/* bars_response.c - servicerequest-response messages: what the sender is told later.
 *
 * Interim when a clinician accepts or rejects the case, full when it is complete; never
 * on an attempt to contact or a welfare call (section 2.7, use case a4t3). */
#include "hub/bars_int.h"
#include "hub/bars_write.h"

#include <stdio.h>

/* ---- which step is answered how ---- */

enum hf_bars_stage
hf_bars_stage_of(const struct hf_bars_step *s)
{
	/* A row without a state holds for any; steps that are not here are silent. */
	static const struct {
		const char *event, *to;
		enum hf_bars_stage stage;
	} stages[] = {
	    {"accept", "", HF_BARS_ACCEPTED},
	    {"advise", "", HF_BARS_FINISHED},
	    {"reject", "", HF_BARS_REJECTED},
	    {"find-duplicate", "", HF_BARS_REJECTED},
	    {"cancel", "", HF_BARS_REJECTED},
	    {"void", "", HF_BARS_REJECTED},
	    {"redirect", "", HF_BARS_FINISHED},
	    {"call-999", "", HF_BARS_TRIAGED},
	    {"safe-and-well", "closed", HF_BARS_FINISHED},
	    {"record-outcome", "completed", HF_BARS_FINISHED},
	    {"hand-over", "", HF_BARS_FINISHED},
	    {"discharge", "", HF_BARS_FINISHED},
	    {"ambulance-outcome", "closed", HF_BARS_FINISHED},
	};

	if (s->sender)
		return HF_BARS_SILENT;
	for (size_t i = 0; i < HF_COUNT(stages); i++)
		if (hf_sv_eq(s->event, hf_sv_from(stages[i].event)) &&
		    (*stages[i].to == '\0' ||
		     hf_sv_eq(s->to, hf_sv_from(stages[i].to))))
			return stages[i].stage;
	return HF_BARS_SILENT;
}

const char *
hf_bars_rejection(struct hf_sv reason)
{
	static const struct {
		const char *ours, *theirs;
	} codes[] = {{"RRNA", "RRNA"},
		     {"22", "RRNA"},
		     {"31", "RRNA"},
		     {"FC", "FC"},
		     {"27", "FC"}};

	for (size_t i = 0; i < HF_COUNT(codes); i++)
		if (hf_sv_eq(reason, hf_sv_from(codes[i].ours)))
			return codes[i].theirs;
	return "OTH";
}

/* ---- pieces ---- */

static void
put_urn(struct hf_jw *w, struct hf_sv uuid)
{
	char text[9 + 64 + 1];
	int n = snprintf(text, sizeof text, "urn:uuid:%.*s", HF_SV_ARG(uuid));

	hf_jw_str(w, (struct hf_sv){text, n < 0 ? 0 : (size_t)n});
}

static void
put_reference(struct hf_jw *w, const char *name, struct hf_sv uuid)
{
	if (uuid.n == 0)
		return;
	if (name)
		hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_member(w, "reference");
	put_urn(w, uuid);
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
put_meta(struct hf_jw *w, hf_time at, struct hf_sv version, const char *profile)
{
	hf_jw_member(w, "meta");
	hf_jw_obj(w);
	if (version.n)
		hf_jw_field(w, "versionId", version);
	put_time(w, "lastUpdated", at);
	if (profile) {
		hf_jw_member(w, "profile");
		hf_jw_arr(w);
		hf_jw_str(w, hf_sv_from(profile));
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

static void
put_coding(struct hf_jw *w, const char *system, struct hf_sv code, const char *display)
{
	hf_jw_obj(w);
	hf_jw_field(w, "system", hf_sv_from(system));
	hf_jw_field(w, "code", code);
	if (display)
		hf_jw_field(w, "display", hf_sv_from(display));
	hf_jw_obj_end(w);
}

static void
open_entry(struct hf_jw *w, struct hf_sv uuid)
{
	hf_jw_obj(w);
	hf_jw_member(w, "fullUrl");
	put_urn(w, uuid);
	hf_jw_member(w, "resource");
	hf_jw_obj(w);
}

static void
close_entry(struct hf_jw *w)
{
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

/* ---- the resources of the record, with their references as this message has them ----
 */

static const struct hf_bars_part *
part_of(const struct hf_bars_response *r, struct hf_sv reference)
{
	struct hf_sv type = hf_sv_cut(&reference, '/');

	for (size_t i = 0; i < r->n_parts; i++)
		if (hf_sv_eq(r->parts[i].type, type) &&
		    hf_sv_eq(r->parts[i].id, reference))
			return &r->parts[i];
	return NULL;
}

/* Depth is bounded by the parser's. */
static void
copy(struct hf_jw *w, const struct hf_bars_response *r, const struct hf_json *d,
     uint32_t node, struct hf_sv key)
{
	enum hf_json_type type = hf_json_type(d, node);
	const struct hf_bars_part *part;

	if (type == HF_JSON_STRING && hf_sv_is(key, "reference")) {
		part = part_of(r, hf_json_raw(d, node));
		if (part) {
			put_urn(w, part->id);
			return;
		}
	}
	if (type != HF_JSON_OBJECT && type != HF_JSON_ARRAY) {
		hf_jw_raw(w, hf_json_source(d, node));
		return;
	}
	if (type == HF_JSON_OBJECT)
		hf_jw_obj(w);
	else
		hf_jw_arr(w);
	for (uint32_t c = node + 1; c < d->nodes[node].next; c = d->nodes[c].next) {
		if (type == HF_JSON_OBJECT)
			hf_jw_key(w, hf_json_key(d, c));
		copy(w, r, d, c,
		     type == HF_JSON_OBJECT ? hf_json_key(d, c) : (struct hf_sv){0});
	}
	if (type == HF_JSON_OBJECT)
		hf_jw_obj_end(w);
	else
		hf_jw_arr_end(w);
}

static void
put_parts(struct hf_jw *w, const struct hf_bars_response *r)
{
	for (size_t i = 0; i < r->n_parts; i++) {
		const struct hf_bars_part *p = &r->parts[i];

		hf_jw_obj(w);
		hf_jw_member(w, "fullUrl");
		put_urn(w, p->id);
		hf_jw_member(w, "resource");
		copy(w, r, p->doc, p->node, (struct hf_sv){0});
		hf_jw_obj_end(w);
	}
}

/* ---- the header ---- */

static bool
is_full(const struct hf_bars_response *r)
{
	return r->stage == HF_BARS_FINISHED || r->stage == HF_BARS_TRIAGED;
}

static void
put_definition(struct hf_jw *w, const struct hf_bars_response *r)
{
	struct hf_sv kind =
	    r->definition_kind.n ? r->definition_kind : HF_SV("referral");
	char text[160];

	/* Only validations have an interim and a full form of their own. */
	snprintf(text, sizeof text,
		 "https://fhir.nhs.uk/MessageDefinition/"
		 "bars-message-servicerequest-response-%.*s%s",
		 (int)(kind.n < 40 ? kind.n : 40), kind.p,
		 !hf_sv_is(kind, "validation") ? ""
		 : is_full(r)		       ? "-full"
					       : "-interim");
	hf_jw_field(w, "definition", hf_sv_from(text));
}

static void
put_destination(struct hf_jw *w, const struct hf_bars_response *r)
{
	hf_jw_member(w, "destination");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "endpoint", r->reply_to);
	put_reference(w, "receiver", r->sender);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	put_reference(w, "sender", r->receiver);
	hf_jw_member(w, "source");
	hf_jw_obj(w);
	if (r->name.n)
		hf_jw_field(w, "name", r->name);
	hf_jw_field(w, "software", HF_SV("homefirst"));
	if (r->software_version.n)
		hf_jw_field(w, "version", r->software_version);
	hf_jw_field(w, "endpoint", r->from);
	hf_jw_obj_end(w);
}

static void
put_header(struct hf_jw *w, const struct hf_bars_response *r)
{
	open_entry(w, r->header);
	hf_jw_field(w, "resourceType", HF_SV("MessageHeader"));
	hf_jw_field(w, "id", r->header);
	put_meta(w, r->step->at, (struct hf_sv){0},
		 "https://fhir.nhs.uk/StructureDefinition/"
		 "BARSMessageHeader-servicerequest-response");
	hf_jw_member(w, "eventCoding");
	put_coding(w, "https://fhir.nhs.uk/CodeSystem/message-events-bars",
		   HF_SV("servicerequest-response"), NULL);
	put_destination(w, r);
	hf_jw_member(w, "reason");
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	put_coding(w, "https://fhir.nhs.uk/CodeSystem/message-reason-bars",
		   r->again ? HF_SV("update") : HF_SV("new"), NULL);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_member(w, "response");
	hf_jw_obj(w);
	hf_jw_field(w, "identifier", r->to);
	hf_jw_field(w, "code", HF_SV("ok"));
	hf_jw_obj_end(w);
	hf_jw_member(w, "focus");
	hf_jw_arr(w);
	put_reference(w, NULL, r->encounter);
	hf_jw_arr_end(w);
	put_definition(w, r);
	close_entry(w);
}

/* ---- our Encounter and CarePlan ---- */

static void
put_encounter_reason(struct hf_jw *w, const struct hf_bars_response *r)
{
	static const struct {
		const char *code, *display;
	} rejections[] = {{"RRNA", "Resource not available in timescale"},
			  {"FC", "Failed Contact"},
			  {"OTH", "Other"}};
	const char *code = hf_bars_rejection(r->step->reason);

	hf_jw_member(w, "reasonCode");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	if (r->stage == HF_BARS_REJECTED) {
		for (size_t i = 0; i < HF_COUNT(rejections); i++)
			if (strcmp(code, rejections[i].code) == 0)
				put_coding(w,
					   "https://fhir.nhs.uk/CodeSystem/"
					   "rejected-reasons-bars",
					   hf_sv_from(code), rejections[i].display);
	} else {
		put_coding(w, "https://fhir.nhs.uk/CodeSystem/message-reason-encounter",
			   HF_SV("validation-triage-outcome"),
			   "Validation of triage outcome");
	}
	hf_jw_arr_end(w);
	if (r->stage == HF_BARS_REJECTED && r->step->note.n)
		hf_jw_field(w, "text", r->step->note);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
put_encounter(struct hf_jw *w, const struct hf_bars_response *r)
{
	static const char *const statuses[] = {
	    [HF_BARS_ACCEPTED] = "in-progress",
	    [HF_BARS_REJECTED] = "cancelled",
	    [HF_BARS_FINISHED] = "finished",
	    [HF_BARS_TRIAGED] = "triaged",
	};

	open_entry(w, r->encounter);
	hf_jw_field(w, "resourceType", HF_SV("Encounter"));
	hf_jw_field(w, "id", r->encounter);
	put_meta(w, r->step->at, (struct hf_sv){0},
		 "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Encounter");
	if (r->case_number.n) {
		hf_jw_member(w, "identifier");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "system",
			    HF_SV("https://homefirst.example/Id/referral"));
		hf_jw_field(w, "value", r->case_number);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	hf_jw_field(w, "status", hf_sv_from(statuses[r->stage]));
	hf_jw_member(w, "class");
	put_coding(w, "http://terminology.hl7.org/CodeSystem/v3-ActCode", HF_SV("HH"),
		   "home health");
	put_reference(w, "subject", r->patient);
	hf_jw_member(w, "period");
	hf_jw_obj(w);
	put_time(w, "start", r->step->at);
	hf_jw_obj_end(w);
	put_encounter_reason(w, r);
	close_entry(w);
}

/* Full responses carry a plan: active when the requester has to act on it. */
static void
put_plan(struct hf_jw *w, const struct hf_bars_response *r)
{
	open_entry(w, r->plan);
	hf_jw_field(w, "resourceType", HF_SV("CarePlan"));
	hf_jw_field(w, "id", r->plan);
	put_meta(w, r->step->at, (struct hf_sv){0},
		 "https://fhir.hl7.org.uk/StructureDefinition/UKCore-CarePlan");
	hf_jw_field(w, "status",
		    r->stage == HF_BARS_TRIAGED ? HF_SV("active") : HF_SV("completed"));
	hf_jw_field(w, "intent", HF_SV("plan"));
	put_reference(w, "subject", r->patient);
	put_reference(w, "encounter", r->encounter);
	hf_jw_member(w, "period");
	hf_jw_obj(w);
	put_time(w, "start", r->step->at);
	hf_jw_obj_end(w);
	hf_jw_member(w, "activity");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "outcomeCodeableConcept");
	hf_jw_arr(w);
	if (r->step->reason.n) {
		hf_jw_obj(w);
		hf_jw_member(w, "coding");
		hf_jw_arr(w);
		put_coding(w, "https://homefirst.example/CodeSystem/outcome",
			   r->step->reason, NULL);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_obj(w);
	hf_jw_field(w, "text",
		    r->step->note.n ? r->step->note
		    : r->stage == HF_BARS_TRIAGED
			? HF_SV("An ambulance is needed: act on "
				"the call to 999.")
			: HF_SV("The referral is complete."));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	close_entry(w);
}

void
hf_bars_write_response(struct hf_buf *out, const struct hf_bars_response *r)
{
	struct hf_jw w = {.out = out};

	assert(r->stage != HF_BARS_SILENT);
	hf_jw_obj(&w);
	hf_jw_field(&w, "resourceType", HF_SV("Bundle"));
	hf_jw_field(&w, "id", r->id);
	put_meta(&w, r->step->at, r->standard,
		 "https://fhir.nhs.uk/StructureDefinition/BARSBundleMessage");
	hf_jw_field(&w, "type", HF_SV("message"));
	put_time(&w, "timestamp", r->step->at);
	hf_jw_member(&w, "entry");
	hf_jw_arr(&w);
	put_header(&w, r);
	put_parts(&w, r);
	put_encounter(&w, r);
	if (is_full(r))
		put_plan(&w, r);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}
