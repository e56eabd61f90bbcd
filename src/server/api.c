/* api.c - what the pages ask of the server as a whole: figures, organisations; and
 * the form of every answer under /api. */
#include "server/api.h"

void hf_api_figures(struct hf_call *call);
void hf_api_organisations(struct hf_call *call);

enum { ORGANISATIONS = 1000 };

/* ---- answers ---- */

void
hf_api_begin(struct hf_call *call, struct hf_jw *w)
{
	struct hf_buf *out = hf_req_buf(call->req);

	out->n = 0;
	*w = (struct hf_jw){.out = out};
	hf_jw_obj(w);
}

static void
send(struct hf_call *call, int status)
{
	/* What a record says is never kept by a browser. */
	hf_call_header(call, "Cache-Control", HF_SV("no-store"));
	hf_call_reply(call, status, "application/json; charset=utf-8",
		      hf_buf_view(hf_req_buf(call->req)));
}

void
hf_api_end(struct hf_call *call)
{
	struct hf_buf *out = hf_req_buf(call->req);
	struct hf_err err;

	hf_buf_char(out, '}');
	if (!out->failed) {
		send(call, 200);
		return;
	}
	hf_fail(&err, HF_TOO_LONG, NULL, "the answer is too large; ask for less");
	hf_api_fail(call, &err);
}

void
hf_api_fail(struct hf_call *call, const struct hf_err *err)
{
	hf_api_fail_as(call, err, hf_rc_issue(err->rc));
}

void
hf_api_fail_as(struct hf_call *call, const struct hf_err *err, const char *code)
{
	struct hf_buf *out = hf_req_buf(call->req);
	struct hf_sv text = hf_sv_from(err->text);
	struct hf_jw w;

	if (out->failed) { /* not even room for the reason */
		hf_call_fail(call, err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "error");
	hf_jw_obj(&w);
	hf_jw_field(&w, "code", hf_sv_from(code));
	/* A sentence for the reader: capital, full stop. */
	hf_jw_member(&w, "text");
	if (text.n) {
		char first = text.p[0];
		bool stop = strchr(".!?", text.p[text.n - 1]) != NULL;

		if (first >= 'a' && first <= 'z')
			first = (char)(first - 32);
		hf_jw_str(&w, hf_arena_printf(call->arena, "%c%.*s%s", first,
					      (int)(text.n - 1), text.p + 1,
					      stop ? "" : "."));
	} else {
		hf_jw_str(&w, hf_sv_from(hf_rc_text(err->rc)));
	}
	hf_api_text(&w, "path", hf_sv_from(err->path));
	hf_jw_obj_end(&w);
	hf_jw_obj_end(&w);
	send(call, hf_rc_http(err->rc));
}

void
hf_api_text(struct hf_jw *w, const char *name, struct hf_sv text)
{
	if (text.n)
		hf_jw_kv(w, hf_sv_from(name), text);
}

void
hf_api_number(struct hf_jw *w, const char *name, int64_t n)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, n);
}

void
hf_api_flag(struct hf_jw *w, const char *name, bool on)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_bool(w, on);
}

enum hf_rc
hf_api_limit(struct hf_call *call, size_t most, size_t *out, struct hf_err *err)
{
	struct hf_sv text = hf_call_param(call, HF_SV("limit"));
	int64_t n;

	*out = 0;
	if (!text.p)
		return HF_OK;
	if (!hf_sv_int(text, &n) || n < 1 || n > (int64_t)most)
		return hf_fail(err, HF_INVALID, "limit",
			       "limit is a number between 1 and %zu", most);
	*out = (size_t)n;
	return HF_OK;
}

bool
hf_api_no_params(struct hf_call *call)
{
	struct hf_err err;

	if (call->n_params == 0)
		return true;
	hf_fail(&err, HF_INVALID, NULL,
		"the parameter %.40s is not known here; leave it out",
		hf_arena_cstr(call->arena, call->params[0].name));
	hf_api_fail(call, &err);
	return false;
}

/* ---- words for types ---- */

const char *
hf_api_type_words(struct hf_sv type)
{
	static const struct {
		const char *type, *words;
	} known[] = {
	    {"AllergyIntolerance", "Allergies"},
	    {"Appointment", "Appointments"},
	    {"CarePlan", "Care plans"},
	    {"CareTeam", "Care teams"},
	    {"Claim", "Claims"},
	    {"Communication", "Messages"},
	    {"Condition", "Problems"},
	    {"Consent", "Sharing choices"},
	    {"Device", "Devices"},
	    {"DiagnosticReport", "Reports"},
	    {"DocumentReference", "Documents"},
	    {"Encounter", "Contacts"},
	    {"EpisodeOfCare", "Episodes of care"},
	    {"ExplanationOfBenefit", "Benefit statements"},
	    {"Flag", "Alerts"},
	    {"Goal", "Goals"},
	    {"HealthcareService", "Services"},
	    {"ImagingStudy", "Imaging studies"},
	    {"Immunization", "Vaccinations"},
	    {"Location", "Places"},
	    {"MedicationRequest", "Prescriptions"},
	    {"MedicationStatement", "Medicines taken"},
	    {"Observation", "Observations"},
	    {"Organization", "Organisations"},
	    {"Patient", "People"},
	    {"Practitioner", "Staff"},
	    {"PractitionerRole", "Roles of staff"},
	    {"Procedure", "Procedures"},
	    {"Provenance", "Provenance"},
	    {"Questionnaire", "Form templates"},
	    {"QuestionnaireResponse", "Forms"},
	    {"RelatedPerson", "Relatives and carers"},
	    {"ServiceRequest", "Referrals"},
	    {"Task", "Tasks"},
	};

	for (size_t i = 0; i < HF_COUNT(known); i++)
		if (hf_sv_eq(type, hf_sv_from(known[i].type)))
			return known[i].words;
	return hf_type_get(hf_resource_find(type))->name;
}

/* ---- the place ---- */

static void
write_types(struct hf_jw *w, const struct hf_store_stats *stats)
{
	hf_jw_member(w, "types");
	hf_jw_arr(w);
	for (hf_type_id t = 1; t <= hf_n_resource_types; t++) {
		struct hf_sv name = hf_sv_from(hf_type_get(t)->name);

		if (stats->by_type[t] == 0)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "type", name);
		hf_jw_field(w, "text", hf_sv_from(hf_api_type_words(name)));
		hf_api_number(w, "n", stats->by_type[t]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_figures(struct hf_call *call)
{
	struct hf_store_stats *stats = HF_NEW(call->arena, struct hf_store_stats);
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	if (!stats)
		rc = hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	else
		rc = hf_store_stats(call->reader, stats, &err);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_api_number(&w, "people", stats->people);
	hf_api_number(&w, "resources", stats->resources);
	hf_api_number(&w, "organisations",
		      stats->by_type[hf_resource_find(HF_SV("Organization"))]);
	write_types(&w, stats);
	hf_api_end(call);
}

static void
write_organisation(struct hf_jw *w, const struct hf_org_line *o)
{
	hf_jw_obj(w);
	hf_jw_field(w, "ref", o->ref);
	hf_jw_field(w, "name", o->name);
	hf_api_text(w, "kind", o->kind);
	if (o->setting != HF_SETTING_OTHER)
		hf_jw_field(w, "settingText", hf_sv_from(hf_setting_text(o->setting)));
	hf_api_text(w, "code", o->code);
	hf_api_text(w, "address", o->address);
	hf_api_text(w, "partOf", o->part_of);
	hf_api_flag(w, "closed", o->closed);
	hf_jw_obj_end(w);
}

void
hf_api_organisations(struct hf_call *call)
{
	struct hf_org_line *orgs;
	struct hf_err err;
	struct hf_jw w;
	size_t n;
	bool more;

	if (!hf_api_no_params(call))
		return;
	if (hf_place_organisations(call->store, call->reader, ORGANISATIONS,
				   call->arena, &orgs, &n, &more, &err)) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "organisations");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		write_organisation(&w, &orgs[i]);
	hf_jw_arr_end(&w);
	hf_api_flag(&w, "more", more);
	hf_api_end(call);
}
