/* fhir_metadata.c - the CapabilityStatement: made from the tables, so that it
 * tells what this build does and nothing else. */
#include "fhir/tables.h"
#include "server/audit_query.h"
#include "server/auth.h"
#include "server/fhir.h"
#include "server/serve.h"

void hf_fhir_metadata(struct hf_call *call);

static const char *const sp_types[] = {
    [HF_SP_NUMBER] = "number",	     [HF_SP_DATE] = "date",
    [HF_SP_STRING] = "string",	     [HF_SP_TOKEN] = "token",
    [HF_SP_REFERENCE] = "reference", [HF_SP_COMPOSITE] = "composite",
    [HF_SP_QUANTITY] = "quantity",   [HF_SP_URI] = "uri",
    [HF_SP_SPECIAL] = "special",
};

static void
write_codes(struct hf_jw *w, const char *const *codes, size_t n)
{
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(codes[i]));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_sp(struct hf_jw *w, const struct hf_sp *sp)
{
	hf_jw_obj(w);
	hf_jw_field(w, "name", hf_sv_from(sp->code));
	hf_jw_field(w, "definition", hf_sv_from(sp->url));
	hf_jw_field(w, "type", hf_sv_from(sp_types[sp->kind]));
	hf_jw_obj_end(w);
}

/* Measures are those of this place: there are few, and only their ids are asked for. */
static bool
takes(hf_type_id type, const struct hf_sp *sp)
{
	if (type == hf_resource_find(HF_SV("Measure")))
		return hf_sv_is(hf_sv_from(sp->code), "_id");
	return hf_search_supports(type, sp);
}

/* _include of every reference that search follows. */
static void
write_includes(struct hf_jw *w, hf_type_id type)
{
	const char *name = hf_type_get(type)->name;
	uint16_t first, n;
	bool any = false;

	hf_sp_of_type(type, &first, &n);
	for (uint16_t i = 0; i < n; i++) {
		const struct hf_sp *sp = hf_sp_get((uint16_t)(first + i));
		char text[160];

		if (sp->kind != HF_SP_REFERENCE || !takes(type, sp))
			continue;
		if (!any) {
			hf_jw_member(w, "searchInclude");
			hf_jw_arr(w);
			any = true;
		}
		snprintf(text, sizeof text, "%s:%s", name, sp->code);
		hf_jw_str(w, hf_sv_from(text));
	}
	if (any)
		hf_jw_arr_end(w);
}

static void
write_search_params(struct hf_jw *w, hf_type_id type)
{
	uint16_t first, n;

	hf_sp_of_type(type, &first, &n);
	hf_jw_member(w, "searchParam");
	hf_jw_arr(w);
	for (uint16_t i = 0; i < n; i++) {
		const struct hf_sp *sp = hf_sp_get((uint16_t)(first + i));

		if (takes(type, sp))
			write_sp(w, sp);
	}
	hf_jw_arr_end(w);
}

/* The audit is read and searched; nobody writes it here. */
static void
write_audit(struct hf_jw *w, hf_type_id type)
{
	static const char *const codes[] = {"read", "search-type"};
	uint16_t first, n;

	hf_jw_obj(w);
	hf_jw_field(w, "type", hf_sv_from(hf_type_get(type)->name));
	hf_jw_field(w, "documentation",
		    HF_SV("The audit of this server, for who oversees access."));
	hf_jw_member(w, "interaction");
	write_codes(w, codes, HF_COUNT(codes));
	hf_sp_of_type(type, &first, &n);
	hf_jw_member(w, "searchParam");
	hf_jw_arr(w);
	for (uint16_t i = 0; i < n; i++) {
		const struct hf_sp *sp = hf_sp_get((uint16_t)(first + i));

		if (hf_audit_query_takes(hf_sv_from(sp->code)))
			write_sp(w, sp);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
write_type(struct hf_jw *w, hf_type_id type)
{
	static const char *const codes[] = {
	    "read",	    "vread",  "update",	    "delete", "history-instance",
	    "history-type", "create", "search-type"};

	hf_jw_obj(w);
	hf_jw_field(w, "type", hf_sv_from(hf_type_get(type)->name));
	hf_jw_member(w, "interaction");
	write_codes(w, codes, HF_COUNT(codes));
	hf_jw_field(w, "versioning", HF_SV("versioned-update"));
	hf_jw_raw(w, HF_SV("\"readHistory\":true,\"updateCreate\":true,"
			   "\"conditionalCreate\":true,"
			   "\"conditionalRead\":\"full-support\","
			   "\"conditionalUpdate\":true,"
			   "\"conditionalDelete\":\"single\","
			   "\"referencePolicy\":[\"literal\",\"local\"]"));
	write_includes(w, type);
	write_search_params(w, type);
	if (hf_sv_is(hf_sv_from(hf_type_get(type)->name), "Patient"))
		hf_jw_raw(w, HF_SV("\"operation\":[{\"name\":\"everything\","
				   "\"definition\":\"http://hl7.org/fhir/"
				   "OperationDefinition/Patient-everything\"},"
				   "{\"name\":\"match\",\"definition\":"
				   "\"http://hl7.org/fhir/OperationDefinition/"
				   "Patient-match\"},{\"name\":\"merge\","
				   "\"definition\":\"http://hl7.org/fhir/"
				   "OperationDefinition/Patient-merge|5.0.0\"}]"));
	hf_jw_obj_end(w);
}

/* Where tokens come from, as SMART App Launch has it. */
static void
write_security(struct hf_call *c, struct hf_jw *w)
{
	static const char *const uris[][2] = {
	    {"authorize", "/auth/authorize"},
	    {"token", "/auth/token"},
	    {"introspect", "/auth/introspect"},
	    {"revoke", "/auth/revoke"},
	};

	hf_jw_member(w, "security");
	hf_jw_obj(w);
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "url",
		    HF_SV("http://fhir-registry.smarthealthit.org/"
			  "StructureDefinition/oauth-uris"));
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	for (size_t i = 0; i < HF_COUNT(uris); i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "url", hf_sv_from(uris[i][0]));
		hf_jw_field(w, "valueUri", hf_auth_url(c, uris[i][1]));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_member(w, "service");
	hf_jw_raw(w, HF_SV("[{\"coding\":[{\"system\":\"http://terminology.hl7.org/"
			   "CodeSystem/restful-security-service\",\"code\":"
			   "\"SMART-on-FHIR\"}]}]"));
	hf_jw_obj_end(w);
}

static void
write_rest(struct hf_call *c, struct hf_jw *w)
{
	static const char *const codes[] = {"transaction", "batch", "search-system",
					    "history-system"};

	hf_jw_member(w, "rest");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "mode", HF_SV("server"));
	hf_jw_field(w, "documentation",
		    HF_SV("Unknown parameters are refused unless Prefer: "
			  "handling=lenient is sent."));
	if (!c->server->open_loopback)
		write_security(c, w);
	hf_jw_member(w, "resource");
	hf_jw_arr(w);
	for (hf_type_id t = 1; t <= hf_n_resource_types; t++)
		if (t == hf_resource_find(HF_SV("AuditEvent")))
			write_audit(w, t);
		else
			write_type(w, t);
	hf_jw_arr_end(w);
	hf_jw_member(w, "interaction");
	write_codes(w, codes, HF_COUNT(codes));
	hf_jw_raw(w,
		  HF_SV("\"operation\":[{\"name\":\"process-message\",\"definition\":"
			"\"http://hl7.org/fhir/OperationDefinition/"
			"MessageHeader-process-message\"}]"));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

/* Messages of the Booking and Referral Standard that are taken (bars.md). */
static void
write_messaging(struct hf_jw *w)
{
	static const char *const kinds[] = {"referral", "validation", "cancelled"};

	hf_jw_member(w, "messaging");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "supportedMessage");
	hf_jw_arr(w);
	for (size_t i = 0; i < HF_COUNT(kinds); i++) {
		char url[120];

		snprintf(url, sizeof url,
			 "https://fhir.nhs.uk/MessageDefinition/"
			 "bars-message-servicerequest-request-%s",
			 kinds[i]);
		hf_jw_obj(w);
		hf_jw_field(w, "mode", HF_SV("receiver"));
		hf_jw_field(w, "definition", hf_sv_from(url));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

void
hf_fhir_metadata(struct hf_call *c)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct hf_sv mode = hf_call_take_param(c, HF_SV("mode"));
	struct hf_err err;

	if (mode.p && !hf_sv_is(mode, "full")) {
		hf_fail(&err, HF_INVALID, NULL, "mode is full or left out");
		hf_call_fail(c, &err);
		return;
	}
	if (!hf_call_no_params(c))
		return;
	hf_jw_obj(&w);
	hf_jw_field(&w, "resourceType", HF_SV("CapabilityStatement"));
	hf_jw_field(&w, "status", HF_SV("active"));
	hf_jw_field(&w, "date", HF_SV("2026-11-22"));
	hf_jw_field(&w, "kind", HF_SV("instance"));
	hf_jw_member(&w, "software");
	hf_jw_obj(&w);
	hf_jw_field(&w, "name", HF_SV("homefirst"));
	hf_jw_field(&w, "version", HF_SV(HF_VERSION));
	hf_jw_obj_end(&w);
	hf_jw_member(&w, "implementation");
	hf_jw_obj(&w);
	hf_jw_field(&w, "description", HF_SV("homefirst, the record of a place"));
	hf_jw_field(&w, "url", c->base);
	hf_jw_obj_end(&w);
	hf_jw_field(&w, "fhirVersion", HF_SV("4.0.1"));
	hf_jw_raw(&w, HF_SV("\"format\":[\"application/fhir+json\",\"json\"]"));
	write_rest(c, &w);
	write_messaging(&w);
	hf_jw_obj_end(&w);
	hf_call_reply_buf(c, 200);
}
