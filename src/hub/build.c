/* build.c - parts of resources; ServiceRequest, Patient and the smaller ones. */
#include "hub/build_int.h"

void
hf_fhir_put_begin(struct hf_jw *w, struct hf_buf *out, const char *type)
{
	*w = (struct hf_jw){.out = out};
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", hf_sv_from(type));
}

void
hf_fhir_put_text(struct hf_jw *w, const char *name, struct hf_sv text)
{
	if (text.n)
		hf_jw_kv(w, hf_sv_from(name), text);
}

void
hf_fhir_put_at(struct hf_jw *w, const char *name, hf_time at)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name),
		 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

static void
put_reference(struct hf_jw *w, struct hf_sv ref, struct hf_sv display)
{
	hf_jw_obj(w);
	hf_fhir_put_text(w, "reference", ref);
	hf_fhir_put_text(w, "display", display);
	hf_jw_obj_end(w);
}

void
hf_fhir_put_ref(struct hf_jw *w, const char *name, struct hf_sv ref,
		struct hf_sv display)
{
	if (ref.n == 0)
		return;
	hf_jw_key(w, hf_sv_from(name));
	put_reference(w, ref, display);
}

void
hf_fhir_put_refs(struct hf_jw *w, const char *name, struct hf_sv ref,
		 struct hf_sv display)
{
	if (ref.n == 0)
		return;
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	put_reference(w, ref, display);
	hf_jw_arr_end(w);
}

void
hf_fhir_put_concept(struct hf_jw *w, const char *system, struct hf_sv code,
		    struct hf_sv text)
{
	hf_jw_obj(w);
	if (code.n) {
		hf_jw_member(w, "coding");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "system", hf_sv_from(system));
		hf_jw_field(w, "code", code);
		hf_fhir_put_text(w, "display", text);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	} else {
		hf_fhir_put_text(w, "text", text);
	}
	hf_jw_obj_end(w);
}

void
hf_fhir_put_coded(struct hf_jw *w, const char *name, const char *list,
		  struct hf_sv code, struct hf_sv text, bool many)
{
	char system[120];

	if (code.n == 0 && text.n == 0)
		return;
	snprintf(system, sizeof system, HF_HUB_CODES "%s", list);
	hf_jw_key(w, hf_sv_from(name));
	if (many)
		hf_jw_arr(w);
	hf_fhir_put_concept(w, system, code, text);
	if (many)
		hf_jw_arr_end(w);
}

/* Labels and profiles stay; version and time are the store's. */
static void
put_meta(struct hf_jw *w, const struct hf_json *doc, uint32_t meta)
{
	bool open = false;

	for (uint32_t c = meta + 1; c < doc->nodes[meta].next; c = doc->nodes[c].next) {
		if (hf_sv_among(hf_json_key(doc, c), "versionId lastUpdated"))
			continue;
		if (!open) {
			hf_jw_member(w, "meta");
			hf_jw_obj(w);
		}
		open = true;
		hf_jw_key(w, hf_json_key(doc, c));
		hf_jw_raw(w, hf_json_source(doc, c));
	}
	if (open)
		hf_jw_obj_end(w);
}

void
hf_fhir_put_withheld(struct hf_jw *w)
{
	hf_jw_member(w, "meta");
	hf_jw_obj(w);
	hf_jw_member(w, "security");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "system",
		    HF_SV("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
	hf_jw_field(w, "code", HF_SV("NOPAT"));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_fhir_put_copy(struct hf_jw *w, const struct hf_json *doc, const char *but)
{
	hf_jw_obj(w);
	for (uint32_t c = 1; c < doc->n; c = doc->nodes[c].next) {
		if (hf_sv_is(hf_json_key(doc, c), "meta"))
			put_meta(w, doc, c);
		if (hf_sv_among(hf_json_key(doc, c), but) ||
		    hf_sv_is(hf_json_key(doc, c), "meta"))
			continue;
		hf_jw_key(w, hf_json_key(doc, c));
		hf_jw_raw(w, hf_json_source(doc, c));
	}
}

void
hf_fhir_put_who(struct hf_jw *w, const char *name, const struct hf_build *b)
{
	hf_jw_key(w, hf_sv_from(name));
	put_reference(w, b->who, b->who_name.n ? b->who_name : HF_SV("homefirst"));
}

/* ---- Patient ---- */

static void
put_nhs(struct hf_jw *w, const struct hf_intake *in)
{
	struct hf_sv status = in->person.nhs_status;

	if (in->person.nhs.n == 0)
		return;
	hf_jw_member(w, "identifier");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "url",
		    HF_SV("https://fhir.hl7.org.uk/StructureDefinition/"
			  "Extension-UKCore-NHSNumberVerificationStatus"));
	hf_jw_member(w, "valueCodeableConcept");
	/* What somebody said on the telephone has not been traced. */
	hf_fhir_put_concept(w,
			    "https://fhir.hl7.org.uk/CodeSystem/"
			    "UKCore-NHSNumberVerificationStatusEngland",
			    status.n ? status : HF_SV("02"), (struct hf_sv){0});
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_field(w, "system", HF_SV("https://fhir.nhs.uk/Id/nhs-number"));
	hf_jw_field(w, "value", in->person.nhs);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
put_name(struct hf_jw *w, const struct hf_intake *in)
{
	hf_jw_member(w, "name");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "use", HF_SV("usual"));
	if (in->person.family.n == 0 && in->person.given.n == 0)
		hf_jw_field(w, "text", HF_SV("Unknown person"));
	hf_fhir_put_text(w, "family", in->person.family);
	if (in->person.given.n) {
		hf_jw_member(w, "given");
		hf_jw_arr(w);
		hf_jw_str(w, in->person.given);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

void
hf_build_patient(const struct hf_build *b, const struct hf_intake *in,
		 struct hf_sv practice)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Patient");
	put_nhs(&w, in);
	hf_jw_member(&w, "active");
	hf_jw_bool(&w, true);
	put_name(&w, in);
	if (in->person.phone.n) {
		hf_jw_member(&w, "telecom");
		hf_jw_arr(&w);
		hf_jw_obj(&w);
		hf_jw_field(&w, "system", HF_SV("phone"));
		hf_jw_field(&w, "value", in->person.phone);
		hf_jw_obj_end(&w);
		hf_jw_arr_end(&w);
	}
	hf_fhir_put_text(&w, "gender", in->person.sex);
	hf_fhir_put_text(&w, "birthDate", in->person.born);
	if (in->person.address.n || in->person.postcode.n) {
		hf_jw_member(&w, "address");
		hf_jw_arr(&w);
		hf_jw_obj(&w);
		hf_jw_field(&w, "use", HF_SV("home"));
		hf_fhir_put_text(&w, "text", in->person.address);
		hf_fhir_put_text(&w, "postalCode", in->person.postcode);
		hf_jw_obj_end(&w);
		hf_jw_arr_end(&w);
	}
	hf_fhir_put_refs(&w, "generalPractitioner", practice, (struct hf_sv){0});
	hf_jw_obj_end(&w);
}

/* ---- ServiceRequest ---- */

static const char *
priority_of(struct hf_sv urgency)
{
	if (urgency.n != 2 || urgency.p[0] != 'U')
		return "routine";
	switch (urgency.p[1]) {
	case '0':
		return "stat";
	case '1':
		return "asap";
	case '2':
	case '3':
	case '4':
		return "urgent";
	default:
		return "routine";
	}
}

static struct hf_sv
word_text(enum hf_hub_list list, struct hf_sv code)
{
	const struct hf_hub_word *word = hf_hub_word(list, code);

	return word ? hf_sv_from(word->text) : (struct hf_sv){0};
}

static void
put_reason(struct hf_jw *w, const struct hf_build_request *r)
{
	if (r->condition.n == 0 && r->problem.n == 0)
		return;
	hf_jw_member(w, "reasonCode");
	hf_jw_arr(w);
	if (r->condition.n)
		hf_fhir_put_concept(w, HF_HUB_CODES "condition-group", r->condition,
				    word_text(HF_HUB_CONDITIONS, r->condition));
	if (r->problem_code.n)
		hf_fhir_put_concept(w, "http://snomed.info/sct", r->problem_code,
				    r->problem);
	else if (r->problem.n)
		hf_fhir_put_concept(w, "", (struct hf_sv){0}, r->problem);
	hf_jw_arr_end(w);
}

void
hf_build_request(const struct hf_build *b, const struct hf_build_request *r)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "ServiceRequest");
	hf_fhir_put_refs(&w, "replaces", r->replaces, (struct hf_sv){0});
	hf_jw_field(&w, "status", HF_SV("active"));
	hf_jw_field(&w, "intent", HF_SV("order"));
	/* FHIR's priority has four values: the U-code is carried as well (2.3). */
	hf_fhir_put_coded(&w, "category", "urgency", r->asked,
			  word_text(HF_HUB_URGENCIES, r->asked), true);
	hf_jw_field(&w, "priority", hf_sv_from(priority_of(r->asked)));
	hf_fhir_put_coded(&w, "code", "service", r->service,
			  word_text(HF_HUB_SERVICES, r->service), false);
	hf_fhir_put_ref(&w, "subject", b->patient, (struct hf_sv){0});
	if (r->decided.n)
		hf_jw_field(&w, "authoredOn", r->decided);
	else
		hf_fhir_put_at(&w, "authoredOn", b->at);
	hf_fhir_put_ref(&w, "requester", r->requester, r->requester_name);
	if (r->performer.n)
		hf_fhir_put_refs(&w, "performer", r->performer, (struct hf_sv){0});
	else
		hf_fhir_put_refs(&w, "performer", b->hub, b->hub_name);
	put_reason(&w, r);
	hf_fhir_put_refs(&w, "supportingInfo", r->answers, (struct hf_sv){0});
	hf_jw_obj_end(&w);
}

void
hf_build_status(const struct hf_json *doc, struct hf_sv status, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};

	hf_fhir_put_copy(&w, doc, "status");
	hf_jw_field(&w, "status", status);
	hf_jw_obj_end(&w);
}

/* ---- Task ---- */

static void
put_event(struct hf_jw *w, const struct hf_hub_event *e, const struct hf_pathway *p)
{
	struct hf_buf text = {.cap = 1 << 20};
	int event = hf_pw_event(p, e->event);

	hf_jw_obj(w);
	hf_fhir_put_coded(
	    w, "type", "pathway-event", e->event,
	    event >= 0 ? hf_sv_from(p->event_titles[event]) : HF_SV("Time"), false);
	hf_event_write(e, &text);
	hf_jw_field(w, "valueString", hf_buf_view(&text));
	w->out->failed = w->out->failed || text.failed;
	hf_buf_free(&text);
	hf_jw_obj_end(w);
}

static void
put_inputs(struct hf_jw *w, const struct hf_build_task *t)
{
	uint32_t old = t->doc ? hf_json_member(t->doc, 0, "input") : HF_JSON_NONE;

	hf_jw_member(w, "input");
	hf_jw_arr(w);
	if (old != HF_JSON_NONE)
		for (uint32_t c = old + 1; c < t->doc->nodes[old].next;
		     c = t->doc->nodes[c].next)
			hf_jw_raw(w, hf_json_source(t->doc, c));
	for (size_t i = 0; i < t->n; i++)
		put_event(w, &t->events[i], t->pathway);
	hf_jw_arr_end(w);
}

static void
put_new_task(struct hf_jw *w, const struct hf_build *b, const struct hf_build_task *t)
{
	char canonical[200];

	hf_jw_field(w, "resourceType", HF_SV("Task"));
	if (t->withheld)
		hf_fhir_put_withheld(w);
	snprintf(canonical, sizeof canonical, CANON "PlanDefinition/%s|%s",
		 t->pathway->id, t->pathway->version);
	/* The hub keeps watch, whoever owns it: its people may see it (REFER). */
	if (!t->kind) {
		hf_jw_member(w, "extension");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "url", HF_SV(CANON "StructureDefinition/hub"));
		hf_fhir_put_ref(w, "valueReference", b->hub, b->hub_name);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	if (!t->kind)
		hf_jw_field(w, "instantiatesCanonical", hf_sv_from(canonical));
	hf_jw_field(w, "intent", HF_SV("order"));
	hf_fhir_put_coded(w, "code", "pathway-task",
			  hf_sv_from(t->kind ? t->kind : "instance"),
			  hf_sv_from(t->pathway->title), false);
	hf_fhir_put_ref(w, "focus", b->request, (struct hf_sv){0});
	hf_fhir_put_ref(w, "for", b->patient, (struct hf_sv){0});
	hf_fhir_put_at(w, "authoredOn", b->at);
	hf_fhir_put_ref(w, "requester", t->requester, t->requester_name);
	hf_fhir_put_coded(w, "reasonCode", "condition-group", t->condition,
			  word_text(HF_HUB_CONDITIONS, t->condition), false);
}

/* Of a state that has none of its own: a pathway need not say it. */
static const char *
status_of(const struct hf_build_task *t)
{
	const struct hf_pw_state *state = &t->pathway->states[t->state];

	if (t->kind)
		return t->open ? "in-progress" : "completed";
	return *state->task ? state->task : "draft";
}

void
hf_build_task(const struct hf_build *b, const struct hf_build_task *t)
{
	const struct hf_pw_state *state = &t->pathway->states[t->state];
	struct hf_jw w = {.out = b->out};
	char but[120] = "status businessStatus lastModified input";

	char canonical[200];

	snprintf(canonical, sizeof canonical, CANON "PlanDefinition/%s|%s",
		 t->pathway->id, t->pathway->version);
	/* What is not given stays as it is; an instance may have a newer version. */
	if (t->kind)
		strncat(but, " instantiatesCanonical", sizeof but - strlen(but) - 1);
	if (t->owner.n)
		strncat(but, " owner", sizeof but - strlen(but) - 1);
	if (t->urgency.n)
		strncat(but, " priority", sizeof but - strlen(but) - 1);
	if (t->condition.n)
		strncat(but, " reasonCode", sizeof but - strlen(but) - 1);
	if (t->doc) {
		hf_fhir_put_copy(&w, t->doc, but);
		hf_fhir_put_coded(&w, "reasonCode", "condition-group", t->condition,
				  word_text(HF_HUB_CONDITIONS, t->condition), false);
	} else {
		hf_jw_obj(&w);
		put_new_task(&w, b, t);
	}
	hf_jw_field(&w, "status", hf_sv_from(status_of(t)));
	if (t->kind)
		hf_jw_field(&w, "instantiatesCanonical", hf_sv_from(canonical));
	hf_fhir_put_coded(&w, "businessStatus",
			  t->states ? t->states : "referral-status",
			  hf_sv_from(state->id), hf_sv_from(state->title), false);
	if (t->urgency.n)
		hf_jw_field(&w, "priority", hf_sv_from(priority_of(t->urgency)));
	hf_fhir_put_at(&w, "lastModified", b->at);
	hf_fhir_put_ref(&w, "owner", t->owner, t->owner_name);
	put_inputs(&w, t);
	hf_jw_obj_end(&w);
}

/* What is to be filled in, by its canonical. */
static void
put_forms(struct hf_jw *w, const struct hf_build_part *p)
{
	char canonical[200];

	if (p->n_forms == 0)
		return;
	hf_jw_member(w, "input");
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n_forms; i++) {
		snprintf(canonical, sizeof canonical, CANON "Questionnaire/%s",
			 p->forms[i]);
		hf_jw_obj(w);
		hf_fhir_put_coded(w, "type", "pathway-input", HF_SV("form"),
				  HF_SV("Form to fill in"), false);
		hf_jw_field(w, "valueCanonical", hf_sv_from(canonical));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_build_part(const struct hf_build *b, const struct hf_build_part *p)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Task");
	if (*p->id) {
		hf_jw_member(&w, "identifier");
		hf_jw_arr(&w);
		hf_jw_obj(&w);
		hf_jw_field(&w, "system", HF_SV(CANON "Id/pathway-part"));
		hf_jw_field(&w, "value", hf_sv_from(p->id));
		hf_jw_obj_end(&w);
		hf_jw_arr_end(&w);
	}
	hf_fhir_put_refs(&w, "partOf", b->task, (struct hf_sv){0});
	hf_jw_field(&w, "status", HF_SV("requested"));
	hf_jw_field(&w, "intent", HF_SV("order"));
	hf_fhir_put_coded(&w, "code", "pathway-task", hf_sv_from(p->kind),
			  (struct hf_sv){0}, false);
	hf_fhir_put_text(&w, "description", p->text);
	hf_fhir_put_ref(&w, "focus", b->request, (struct hf_sv){0});
	hf_fhir_put_ref(&w, "for", b->patient, (struct hf_sv){0});
	hf_fhir_put_at(&w, "authoredOn", b->at);
	hf_fhir_put_at(&w, "lastModified", b->at);
	if (*p->role)
		hf_fhir_put_coded(&w, "performerType", "pathway-role",
				  hf_sv_from(p->role), (struct hf_sv){0}, true);
	hf_fhir_put_ref(&w, "owner", p->owner, p->owner_name);
	if (p->due != HF_TIME_MAX) {
		hf_jw_member(&w, "restriction");
		hf_jw_obj(&w);
		hf_jw_member(&w, "period");
		hf_jw_obj(&w);
		hf_fhir_put_at(&w, "end", p->due);
		hf_jw_obj_end(&w);
		hf_jw_obj_end(&w);
	}
	put_forms(&w, p);
	hf_jw_obj_end(&w);
}

void
hf_build_part_moved(const struct hf_build *b, const struct hf_json *doc,
		    const char *status, const char *list, struct hf_sv code,
		    struct hf_sv text)
{
	struct hf_jw w = {.out = b->out};

	hf_fhir_put_copy(&w, doc,
			 code.n || text.n ? "status lastModified reasonCode"
					  : "status lastModified");
	hf_jw_field(&w, "status", hf_sv_from(status));
	hf_fhir_put_at(&w, "lastModified", b->at);
	hf_fhir_put_coded(&w, "reasonCode", list, code, text, false);
	hf_jw_obj_end(&w);
}
