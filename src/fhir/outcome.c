/* outcome.c - findings and failures written as an OperationOutcome. */
#include "fhir/validate.h"

static void
write_issue(struct hf_jw *w, const char *severity, const char *code, struct hf_sv text,
	    struct hf_sv path)
{
	hf_jw_obj(w);
	hf_jw_field(w, "severity", hf_sv_from(severity));
	hf_jw_field(w, "code", hf_sv_from(code));
	if (text.n) {
		hf_jw_member(w, "details");
		hf_jw_obj(w);
		hf_jw_field(w, "text", text);
		hf_jw_obj_end(w);
	}
	if (path.n) {
		hf_jw_member(w, "expression");
		hf_jw_arr(w);
		hf_jw_str(w, path);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

static void
begin(struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("OperationOutcome"));
	hf_jw_member(w, "issue");
	hf_jw_arr(w);
}

static void
end(struct hf_jw *w)
{
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_outcome_write(struct hf_buf *out, const struct hf_issues *issues)
{
	struct hf_jw w = {.out = out};
	char more[80];

	begin(&w);
	for (size_t i = 0; i < issues->n; i++) {
		const struct hf_issue *issue = &issues->items[i];

		write_issue(&w, hf_severity_code(issue->severity), issue->code,
			    issue->text, issue->path);
	}
	if (issues->dropped) {
		snprintf(more, sizeof(more), "%zu more findings are not listed",
			 issues->dropped);
		write_issue(&w, issues->n ? "information" : "error", "incomplete",
			    hf_sv_from(more), (struct hf_sv){0});
	} else if (issues->n == 0) {
		write_issue(&w, "information", "informational", HF_SV("All OK"),
			    (struct hf_sv){0});
	}
	end(&w);
}

/* Whether the place of a failure is an element: Patient.name, not a file or a
 * setting. */
static bool
is_element(struct hf_sv path)
{
	if (path.n == 0 || path.p[0] < 'A' || path.p[0] > 'Z')
		return false;
	return hf_sv_find(path, '/') == path.n && hf_sv_find(path, ':') == path.n;
}

void
hf_outcome_write_err(struct hf_buf *out, const struct hf_err *err)
{
	struct hf_jw w = {.out = out};
	struct hf_sv text = hf_sv_from(err->text), path = hf_sv_from(err->path);

	if (text.n == 0)
		text = hf_sv_from(hf_rc_text(err->rc));
	if (!is_element(path))
		path.n = 0;
	begin(&w);
	write_issue(&w, err->rc == HF_FAULT ? "fatal" : "error", hf_rc_issue(err->rc),
		    text, path);
	end(&w);
}
