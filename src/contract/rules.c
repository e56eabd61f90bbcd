/* rules.c - see rules.h. */
#include "contract/rules.h"

#include "contract/terms_int.h"

static void
read_marginal(struct hf_doc *d, struct hf_ct_rules *r)
{
	uint32_t node = hf_doc_member(d, 0, "marginal", HF_JSON_OBJECT, false);

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "rate");
	r->marginal = true;
	r->marginal_rate = hf_ct_read_percent(d, node, "rate", 100, -1);
	if (r->marginal_rate < 0)
		hf_doc_wrong(d, node, "a \"rate\" is needed here");
}

static void
read_readmission(struct hf_doc *d, struct hf_ct_rules *r)
{
	uint32_t node = hf_doc_member(d, 0, "readmission", HF_JSON_OBJECT, false);

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "days");
	r->readmission = true;
	r->readmission_days = (int)hf_doc_int(d, node, "days", 1, 365, 30);
}

static void
read_blended(struct hf_doc *d, struct hf_ct_rules *r)
{
	uint32_t node = hf_doc_member(d, 0, "blended", HF_JSON_OBJECT, false);

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "variable");
	r->blended = true;
	r->blended_rate = hf_ct_read_percent(d, node, "variable", 100, 0);
}

enum hf_rc
hf_ct_rules_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		 struct hf_issues *issues, struct hf_ct_rules *out, struct hf_err *err)
{
	struct hf_ct_rules r = {0};
	size_t before = issues->errors;
	struct hf_doc d;

	if (hf_doc_open(&d, name, text, arena, issues)) {
		hf_doc_only(&d, 0,
			    "id version title source marginal readmission blended "
			    "quality uplift efficiency");
		r.id = hf_doc_text(&d, 0, "id", true);
		r.version = hf_doc_id(&d, 0, "version", true);
		r.title = hf_doc_text(&d, 0, "title", true);
		r.source = hf_doc_text(&d, 0, "source", true);
		if (!hf_fy_parse(hf_sv_from(r.id), &r.fy))
			hf_doc_wrong(&d, 0, "\"id\" is a financial year as 2020/21");
		read_marginal(&d, &r);
		read_readmission(&d, &r);
		read_blended(&d, &r);
		r.quality = hf_ct_read_percent(&d, 0, "quality", 100, 0);
		r.uplift = hf_ct_read_percent(&d, 0, "uplift", 100, 0);
		r.efficiency = hf_ct_read_percent(&d, 0, "efficiency", 100, 0);
	}
	if (d.full)
		return hf_fail(err, HF_TOO_LONG, name, "no memory for the rules");
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, name,
			       "the rules are not in order: %zu findings",
			       issues->errors - before);
	*out = r;
	return HF_OK;
}

hf_rate
hf_ct_rules_factor(const struct hf_ct_rules *r)
{
	int64_t out = HF_RATE_ONE;

	hf_pence_scale(HF_RATE_ONE + r->uplift, HF_RATE_ONE - r->efficiency,
		       HF_HALF_AWAY, &out);
	return out;
}
