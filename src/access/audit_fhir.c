/* audit_fhir.c - see audit_fhir.h. */
#include "access/audit_fhir.h"

#include "access/words.h"

#define TYPE_SYSTEM "http://terminology.hl7.org/CodeSystem/audit-event-type"
#define REST_SYSTEM "http://hl7.org/fhir/restful-interaction"
#define DCM_SYSTEM  "http://dicom.nema.org/resources/ontology/DCM"
#define OUR_SYSTEM  "https://homefirst.example/CodeSystem/"

struct coding {
	const char *system, *code, *display;
};

enum kind {
	KIND_NONE,
	KIND_REST,
	KIND_EXPORT,
	KIND_SIGN,
	KIND_SECURITY,
	KIND_LOG,
	KIND_APPLICATION
};

static const struct coding types[] = {
    [KIND_NONE] = {TYPE_SYSTEM, "rest", "RESTful Operation"},
    [KIND_REST] = {TYPE_SYSTEM, "rest", "RESTful Operation"},
    [KIND_EXPORT] = {DCM_SYSTEM, "110106", "Export"},
    [KIND_SIGN] = {DCM_SYSTEM, "110114", "User Authentication"},
    [KIND_SECURITY] = {DCM_SYSTEM, "110113", "Security Alert"},
    [KIND_LOG] = {DCM_SYSTEM, "110101", "Audit Log Used"},
    [KIND_APPLICATION] = {DCM_SYSTEM, "110100", "Application Activity"},
};

static const enum kind kinds[] = {
#define HF_AUDIT(name, word, action, kind, text) [HF_AUDIT_##name] = KIND_##kind,
#include "access/audit_codes.def"
#undef HF_AUDIT
};

/* Subtypes that DICOM names; the others are ours. */
static const struct coding subtypes[HF_AUDIT_CODES] = {
    [HF_AUDIT_SIGN_IN] = {DCM_SYSTEM, "110122", "Login"},
    [HF_AUDIT_SIGN_OUT] = {DCM_SYSTEM, "110123", "Logout"},
    [HF_AUDIT_GLASS] = {DCM_SYSTEM, "110127", "Emergency Override Started"},
    [HF_AUDIT_ADMIN] = {DCM_SYSTEM, "110129", "Security Configuration"},
    [HF_AUDIT_START] = {DCM_SYSTEM, "110120", "Application Start"},
    [HF_AUDIT_STOP] = {DCM_SYSTEM, "110121", "Application Stop"},
};

static struct coding
subtype_of(enum hf_audit_code code)
{
	const char *word = hf_audit_subtype(code);

	if (subtypes[code].code)
		return subtypes[code];
	if (kinds[code] == KIND_REST)
		return (struct coding){REST_SYSTEM, word, word};
	return (struct coding){OUR_SYSTEM "audit", word, hf_audit_text(code)};
}

/* ---- as search tokens ---- */

static bool
is_token(struct hf_sv token, const struct coding *c)
{
	size_t bar = hf_sv_find(token, '|');
	struct hf_sv system = {token.p, bar};

	if (bar == token.n)
		return hf_sv_eq(token, hf_sv_from(c->code));
	token = hf_sv_from_at(token, bar + 1);
	return (system.n == 0 || hf_sv_eq(system, hf_sv_from(c->system))) &&
	       (token.n == 0 || hf_sv_eq(token, hf_sv_from(c->code)));
}

uint64_t
hf_audit_fhir_type(struct hf_sv token)
{
	uint64_t set = 0;

	for (int i = 1; i < HF_AUDIT_CODES; i++)
		if (is_token(token, &types[kinds[i]]))
			set |= UINT64_C(1) << i;
	return set;
}

uint64_t
hf_audit_fhir_subtype(struct hf_sv token)
{
	uint64_t set = 0;

	for (int i = 1; i < HF_AUDIT_CODES; i++) {
		struct coding c = subtype_of((enum hf_audit_code)i);

		if (is_token(token, &c) || hf_sv_eq(token, hf_sv_from(hf_audit_subtype(
							       (enum hf_audit_code)i))))
			set |= UINT64_C(1) << i;
	}
	return set;
}

/* ---- writing ---- */

static void
write_coding(struct hf_jw *w, const struct coding *c)
{
	hf_jw_obj(w);
	hf_jw_field(w, "system", hf_sv_from(c->system));
	hf_jw_field(w, "code", hf_sv_from(c->code));
	if (c->display && c->display[0])
		hf_jw_field(w, "display", hf_sv_from(c->display));
	hf_jw_obj_end(w);
}

/* A CodeableConcept of one code of ours, as the only element of an array. */
static void
write_concept(struct hf_jw *w, const char *name, const char *system, struct hf_sv code,
	      const char *display)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "system", hf_sv_from(system));
	hf_jw_field(w, "code", code);
	if (display && display[0])
		hf_jw_field(w, "display", hf_sv_from(display));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
write_purpose(struct hf_jw *w, const char *name, struct hf_sv purpose)
{
	int word = hf_word_find(HF_WORDS_PURPOSE, purpose);

	if (purpose.n == 0)
		return;
	write_concept(w, name, OUR_SYSTEM "purpose", purpose,
		      word > 0 ? hf_word_text(HF_WORDS_PURPOSE, word) : NULL);
}

static void
write_reference(struct hf_jw *w, struct hf_sv reference)
{
	hf_jw_obj(w);
	hf_jw_field(w, "reference", reference);
	hf_jw_obj_end(w);
}

static bool
is_reference(struct hf_sv s)
{
	return s.n && s.p[0] >= 'A' && s.p[0] <= 'Z' && hf_sv_find(s, '/') < s.n;
}

/* An address is an IP address ("2") unless it is something else ("5"). */
static void
write_network(struct hf_jw *w, struct hf_sv address)
{
	if (address.n == 0)
		return;
	hf_jw_member(w, "network");
	hf_jw_obj(w);
	hf_jw_field(w, "address", address);
	hf_jw_field(w, "type", HF_SV("2"));
	hf_jw_obj_end(w);
}

static void
write_who(struct hf_jw *w, const struct hf_audit_fhir *a)
{
	const struct hf_audit_event *e = a->event;

	hf_jw_obj(w);
	if (e->role.n)
		write_concept(w, "role", OUR_SYSTEM "role", e->role, NULL);
	if (is_reference(e->who)) {
		hf_jw_member(w, "who");
		write_reference(w, e->who);
	}
	hf_jw_field(w, "altId", e->actor);
	if (a->name.n)
		hf_jw_field(w, "name", a->name);
	hf_jw_member(w, "requestor");
	hf_jw_bool(w, true);
	if (e->rule.n) {
		char uri[160];
		int n = snprintf(uri, sizeof uri, "urn:homefirst:rule:%.*s",
				 (int)(e->rule.n > 64 ? 64 : e->rule.n), e->rule.p);

		hf_jw_member(w, "policy");
		hf_jw_arr(w);
		hf_jw_str(w, (struct hf_sv){uri, (size_t)n});
		hf_jw_arr_end(w);
	}
	write_network(w, e->address);
	write_purpose(w, "purposeOfUse", e->purpose);
	hf_jw_obj_end(w);
}

static void
write_agents(struct hf_jw *w, const struct hf_audit_fhir *a)
{
	hf_jw_member(w, "agent");
	hf_jw_arr(w);
	write_who(w, a);
	if (a->event->behalf.n) {
		hf_jw_obj(w);
		if (is_reference(a->event->behalf)) {
			hf_jw_member(w, "who");
			write_reference(w, a->event->behalf);
		}
		hf_jw_field(w, "altId", a->event->behalf);
		hf_jw_member(w, "requestor");
		hf_jw_bool(w, false);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_source(struct hf_jw *w, const struct hf_audit_event *e)
{
	static const struct coding server = {
	    "http://terminology.hl7.org/CodeSystem/security-source-type", "4",
	    "Application Server"};

	hf_jw_member(w, "source");
	hf_jw_obj(w);
	if (e->org.n)
		hf_jw_field(w, "site", e->org);
	hf_jw_member(w, "observer");
	hf_jw_obj(w);
	hf_jw_field(w, "display", HF_SV("homefirst"));
	hf_jw_obj_end(w);
	hf_jw_member(w, "type");
	hf_jw_arr(w);
	write_coding(w, &server);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

#define ENTITY_TYPE "http://terminology.hl7.org/CodeSystem/audit-entity-type"
#define OBJECT_ROLE "http://terminology.hl7.org/CodeSystem/object-role"

static void
open_entity(struct hf_jw *w, const char *type, const char *type_text, const char *role,
	    const char *role_text, struct hf_sv what)
{
	struct coding t = {ENTITY_TYPE, type, type_text};
	struct coding r = {OBJECT_ROLE, role, role_text};

	hf_jw_obj(w);
	if (what.n) {
		hf_jw_member(w, "what");
		write_reference(w, what);
	}
	hf_jw_member(w, "type");
	write_coding(w, &t);
	hf_jw_member(w, "role");
	write_coding(w, &r);
}

static void
write_detail(struct hf_jw *w, const char *type, struct hf_sv value)
{
	if (value.n == 0)
		return;
	hf_jw_obj(w);
	hf_jw_field(w, "type", hf_sv_from(type));
	hf_jw_field(w, "valueString", value);
	hf_jw_obj_end(w);
}

static void
write_people(struct hf_jw *w, const struct hf_audit_fhir *a)
{
	char text[96];

	for (size_t i = 0; i < a->n_people; i++) {
		int n = snprintf(text, sizeof text, "Patient/%.*s",
				 (int)(a->people[i].n > 64 ? 64 : a->people[i].n),
				 a->people[i].p);

		open_entity(w, "1", "Person", "1", "Patient",
			    (struct hf_sv){text, (size_t)n});
		hf_jw_obj_end(w);
	}
}

static bool
is_a_person(const struct hf_audit_fhir *a, struct hf_sv what)
{
	for (size_t i = 0; i < a->n_people; i++)
		if (hf_sv_starts(what, HF_SV("Patient/")) &&
		    hf_sv_eq(hf_sv_from_at(what, 8), a->people[i]))
			return true;
	return false;
}

static void
write_things(struct hf_jw *w, const struct hf_audit_fhir *a)
{
	struct hf_sv what = a->event->what;

	if (is_reference(what) && a->n_things == 0 && !is_a_person(a, what)) {
		open_entity(w, "2", "System Object", "4", "Domain Resource", what);
		hf_jw_obj_end(w);
	}
	for (size_t i = 0; i < a->n_things; i++) {
		if (is_a_person(a, a->things[i]))
			continue;
		open_entity(w, "2", "System Object", "4", "Domain Resource",
			    a->things[i]);
		hf_jw_obj_end(w);
	}
}

/* Names of parameters and a hash; never a value. */
static void
write_query(struct hf_jw *w, const struct hf_audit_event *e)
{
	char text[32];

	if (e->names.n == 0 && e->query == 0)
		return;
	open_entity(w, "2", "System Object", "24", "Query", (struct hf_sv){NULL, 0});
	hf_jw_field(w, "name", e->names.n ? e->names : HF_SV("query"));
	if (e->query || e->hits >= 0) {
		hf_jw_member(w, "detail");
		hf_jw_arr(w);
		snprintf(text, sizeof text, "%016llx", (unsigned long long)e->query);
		if (e->query)
			write_detail(w, "hash", hf_sv_from(text));
		snprintf(text, sizeof text, "%lld", (long long)e->hits);
		if (e->hits >= 0)
			write_detail(w, "hits", hf_sv_from(text));
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

/* What decided, and what it is tied to. */
static void
write_decision(struct hf_jw *w, const struct hf_audit_event *e)
{
	char session[32] = "", seq[32] = "", status[16];

	if (e->session)
		snprintf(session, sizeof session, "%lld", (long long)e->session);
	if (e->seq)
		snprintf(seq, sizeof seq, "%llu", (unsigned long long)e->seq);
	snprintf(status, sizeof status, "%d", e->status);
	open_entity(w, "2", "System Object", "13", "Security Resource",
		    (struct hf_sv){NULL, 0});
	hf_jw_field(w, "name", HF_SV("access"));
	hf_jw_member(w, "detail");
	hf_jw_arr(w);
	write_detail(w, "status", hf_sv_from(status));
	write_detail(w, "decision", e->decision);
	write_detail(w, "rule", e->rule);
	write_detail(w, "policy", e->policy);
	write_detail(w, "relationships", e->relations);
	write_detail(w, "breakGlass", e->glass);
	write_detail(w, "case", e->case_ref);
	write_detail(w, "notes", e->notes);
	write_detail(w, "session", hf_sv_from(session));
	write_detail(w, "request", e->request);
	write_detail(w, "route", e->route);
	write_detail(w, "sequence", hf_sv_from(seq));
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_audit_fhir(struct hf_jw *w, const struct hf_audit_fhir *a)
{
	const struct hf_audit_event *e = a->event;
	struct coding subtype = subtype_of(e->code);
	char action = hf_audit_action(e->code), text[32];

	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("AuditEvent"));
	hf_jw_field(w, "id", a->id);
	hf_jw_member(w, "type");
	write_coding(w, &types[kinds[e->code]]);
	if (e->code != HF_AUDIT_NONE) {
		hf_jw_member(w, "subtype");
		hf_jw_arr(w);
		write_coding(w, &subtype);
		hf_jw_arr_end(w);
	}
	hf_jw_field(w, "action", ((struct hf_sv){&action, 1}));
	hf_jw_field(w, "recorded",
		    hf_sv_from(hf_time_format(e->at, text, sizeof text)));
	snprintf(text, sizeof text, "%d", hf_audit_outcome(e->status));
	hf_jw_field(w, "outcome", hf_sv_from(text));
	if (e->decision.n)
		hf_jw_field(w, "outcomeDesc", e->decision);
	write_purpose(w, "purposeOfEvent", e->purpose);
	write_agents(w, a);
	write_source(w, e);
	hf_jw_member(w, "entity");
	hf_jw_arr(w);
	write_people(w, a);
	write_things(w, a);
	write_query(w, e);
	write_decision(w, e);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}
