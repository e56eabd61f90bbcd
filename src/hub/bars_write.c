/* bars_write.c - the synchronous answers to BaRS messages. */
#include "hub/bars_int.h"
#include "hub/bars_write.h"

#include <stdio.h>

/* The standard's own spelling. */
#define ERROR_CODES "https://fhir.nhs.uk/Codesystem/http-error-codes"

static void
write_issue(struct hf_jw *w, const char *severity, const char *issue, const char *code,
	    struct hf_sv text, struct hf_sv path)
{
	hf_jw_obj(w);
	hf_jw_field(w, "severity", hf_sv_from(severity));
	hf_jw_field(w, "code", hf_sv_from(issue));
	if (*code) {
		hf_jw_member(w, "details");
		hf_jw_obj(w);
		hf_jw_member(w, "coding");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "system", HF_SV(ERROR_CODES));
		hf_jw_field(w, "code", hf_sv_from(code));
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_field(w, "diagnostics", text);
	if (path.n) {
		hf_jw_member(w, "expression");
		hf_jw_arr(w);
		hf_jw_str(w, path);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

static void
begin_outcome(struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("OperationOutcome"));
	hf_jw_member(w, "issue");
	hf_jw_arr(w);
}

static void
end_outcome(struct hf_jw *w)
{
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
write_issues(struct hf_jw *w, const struct hf_issues *issues)
{
	for (size_t i = 0; i < issues->n; i++) {
		const struct hf_issue *one = &issues->items[i];
		bool error = one->severity == HF_SEV_ERROR;

		write_issue(w, hf_severity_code(one->severity), one->code,
			    error ? hf_bars_fault(one->code).code : "", one->text,
			    one->path);
	}
}

int
hf_bars_write_issues(struct hf_buf *out, const struct hf_issues *issues)
{
	struct hf_jw w = {.out = out};
	int status = 0;

	begin_outcome(&w);
	write_issues(&w, issues);
	end_outcome(&w);
	for (size_t i = 0; i < issues->n && status == 0; i++)
		if (issues->items[i].severity == HF_SEV_ERROR)
			status = hf_bars_fault(issues->items[i].code).status;
	return status ? status : 400;
}

int
hf_bars_write_fault(struct hf_buf *out, struct hf_bars_fault fault, struct hf_sv text,
		    struct hf_sv path)
{
	struct hf_jw w = {.out = out};

	begin_outcome(&w);
	write_issue(&w, "error", fault.issue, fault.code, text, path);
	end_outcome(&w);
	return fault.status;
}

/* ---- the message, sent back with our ids ---- */

static void
put_urn(struct hf_jw *w, struct hf_sv uuid)
{
	char text[9 + 64 + 1];
	int n = snprintf(text, sizeof text, "urn:uuid:%.*s", HF_SV_ARG(uuid));

	hf_jw_str(w, (struct hf_sv){text, n < 0 ? 0 : (size_t)n});
}

static void
write_with_id(struct hf_jw *w, const struct hf_bars *b, size_t at, struct hf_sv id,
	      struct hf_sv outcome)
{
	const struct hf_json *d = b->doc;
	uint32_t node = b->entries[at].node;

	hf_jw_obj(w);
	hf_jw_field(w, "resourceType",
		    hf_sv_from(hf_type_get(b->entries[at].type)->name));
	if (id.n)
		hf_jw_field(w, "id", id);
	for (uint32_t c = node + 1; c < d->nodes[node].next; c = d->nodes[c].next) {
		struct hf_sv key = hf_json_key(d, c);

		if (hf_sv_is(key, "resourceType") || (id.n && hf_sv_is(key, "id")) ||
		    (at == b->header && hf_sv_is(key, "response")))
			continue;
		hf_jw_key(w, key);
		hf_json_minify(d, c, w->out);
		w->comma = true;
	}
	if (at == b->header) {
		hf_jw_member(w, "response");
		hf_jw_obj(w);
		hf_jw_field(w, "identifier", b->bundle.n ? b->bundle : b->message);
		hf_jw_field(w, "code", HF_SV("ok"));
		if (outcome.n) {
			hf_jw_member(w, "details");
			hf_jw_obj(w);
			hf_jw_member(w, "reference");
			put_urn(w, outcome);
			hf_jw_obj_end(w);
		}
		hf_jw_obj_end(w);
	}
	hf_jw_obj_end(w);
}

static void
open_entry(struct hf_jw *w, struct hf_sv full_url, struct hf_sv uuid)
{
	hf_jw_obj(w);
	if (full_url.n) {
		hf_jw_field(w, "fullUrl", full_url);
	} else if (uuid.n) {
		hf_jw_member(w, "fullUrl");
		put_urn(w, uuid);
	}
	hf_jw_member(w, "resource");
}

static void
write_time(struct hf_jw *w, hf_time at)
{
	char text[32];

	hf_jw_str(w, hf_sv_from(hf_time_format(at, text, sizeof text)));
}

static void
write_encounter(struct hf_jw *w, const struct hf_bars *b,
		const struct hf_bars_answer *a)
{
	uint32_t patient =
	    hf_bars_at(b->doc, b->entries[b->request].node, HF_SV("subject.reference"));

	open_entry(w, (struct hf_sv){0}, a->encounter);
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Encounter"));
	hf_jw_field(w, "id", a->encounter);
	hf_jw_field(w, "status", hf_sv_from(a->status));
	hf_jw_member(w, "class");
	hf_jw_raw(w,
		  HF_SV("{\"system\":\"http://terminology.hl7.org/CodeSystem/"
			"v3-ActCode\",\"code\":\"HH\",\"display\":\"home health\"}"));
	hf_jw_member(w, "subject");
	hf_jw_obj(w);
	hf_jw_member(w, "reference");
	hf_jw_raw(w, hf_json_source(b->doc, patient));
	hf_jw_obj_end(w);
	hf_jw_member(w, "period");
	hf_jw_obj(w);
	hf_jw_member(w, "start");
	write_time(w, a->received);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

void
hf_bars_write_answer(struct hf_buf *out, const struct hf_bars *b,
		     const struct hf_bars_answer *a)
{
	struct hf_jw w = {.out = out};
	struct hf_sv outcome = a->issues->n ? a->outcome : (struct hf_sv){0};

	hf_jw_obj(&w);
	hf_jw_field(&w, "resourceType", HF_SV("Bundle"));
	if (b->bundle.n)
		hf_jw_field(&w, "id", b->bundle);
	hf_jw_field(&w, "type", HF_SV("message"));
	hf_jw_member(&w, "timestamp");
	write_time(&w, a->received);
	hf_jw_member(&w, "entry");
	hf_jw_arr(&w);
	for (size_t i = 0; i < b->n; i++) {
		open_entry(&w, b->entries[i].full_url, (struct hf_sv){0});
		write_with_id(&w, b, i, a->ids[i], outcome);
		hf_jw_obj_end(&w);
	}
	if (a->encounter.n)
		write_encounter(&w, b, a);
	if (outcome.n) {
		open_entry(&w, (struct hf_sv){0}, outcome);
		begin_outcome(&w);
		write_issues(&w, a->issues);
		end_outcome(&w);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}
