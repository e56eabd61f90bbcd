/* list_load.c - a document of definitions/need-lists. */
#include "population/list.h"

static void
load_parts(struct hf_doc *d, struct hf_pop_list_rule *r)
{
	uint32_t caseload = hf_doc_member(d, 0, "caseload", HF_JSON_OBJECT, true);
	uint32_t benefit = hf_doc_member(d, 0, "benefit", HF_JSON_OBJECT, true);

	if (caseload != HF_JSON_NONE) {
		hf_doc_only(d, caseload, "wte people months");
		r->wte = (int)hf_doc_int(d, caseload, "wte", 1, 1000, 0);
		r->people = (int)hf_doc_int(d, caseload, "people", 1, 10000, 0);
		r->months = (int)hf_doc_int(d, caseload, "months", 1, 120, 0);
		if (!r->wte || !r->people || !r->months)
			hf_doc_wrong(d, caseload,
				     "a caseload has wte, people and months");
	}
	if (benefit == HF_JSON_NONE)
		return;
	hf_doc_only(d, benefit, "outcome preventable accepts note");
	r->outcome = hf_doc_text(d, benefit, "outcome", true);
	r->note = hf_doc_text(d, benefit, "note", false);
	r->preventable = (int)hf_doc_int(d, benefit, "preventable", 0, 100, -1);
	r->accepts = (int)hf_doc_int(d, benefit, "accepts", 0, 100, -1);
	if (r->preventable < 0 || r->accepts < 0)
		hf_doc_wrong(d, benefit, "a benefit has preventable and accepts");
}

enum hf_rc
hf_pop_list_load_rule(const char *name, struct hf_sv text, struct hf_arena *arena,
		      struct hf_issues *issues, struct hf_pop_list_rule *out,
		      struct hf_err *err)
{
	struct hf_pop_list_rule r = {0};
	struct hf_doc d;
	enum hf_rc rc;

	if (hf_doc_open(&d, name, text, arena, issues)) {
		hf_doc_only(&d, 0,
			    "id version title source purpose score fromAge band "
			    "caseload benefit");
		r.id = hf_doc_id(&d, 0, "id", true);
		r.version = hf_doc_id(&d, 0, "version", true);
		r.title = hf_doc_text(&d, 0, "title", true);
		r.source = hf_doc_text(&d, 0, "source", true);
		r.purpose = hf_doc_text(&d, 0, "purpose", true);
		r.score = hf_doc_id(&d, 0, "score", true);
		r.band = hf_doc_text(&d, 0, "band", false);
		r.from_age = (int)hf_doc_int(&d, 0, "fromAge", 0, 120, 0);
		load_parts(&d, &r);
	}
	rc = hf_doc_close(&d, err);
	if (rc == HF_OK)
		*out = r;
	return rc;
}
