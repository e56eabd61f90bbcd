/* terms_load.c - a contract's document: heading, parties, signatures, sub-contracts. */
#include "contract/terms_int.h"

static const char *const forms[HF_CT_FORMS + 1] = {
    [HF_CT_ALIGNED_INCENTIVE] = "aligned-incentive",
    [HF_CT_ALIGNED_PAYMENT] = "aligned-payment-and-incentive",
    [HF_CT_BLOCK_CONTRACT] = "block",
    [HF_CT_COST_AND_VOLUME] = "cost-and-volume",
    [HF_CT_LEAD_PROVIDER] = "lead-provider",
    [HF_CT_OUTCOME_BASED] = "outcome-based",
    [HF_CT_CAPITATED] = "capitated"};

static const char *const statuses[] = {"draft", "active", "ended", NULL};

const char *
hf_ct_form_word(enum hf_ct_form form)
{
	return forms[form];
}

/* ---- parties ---- */

static void
read_signature(struct hf_doc *d, uint32_t object, struct hf_ct_signed *s)
{
	uint32_t node = hf_doc_member(d, object, "signed", HF_JSON_OBJECT, false);

	*s = (struct hf_ct_signed){"", "", ""};
	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "name role on");
	s->name = hf_doc_text(d, node, "name", true);
	s->role = hf_doc_text(d, node, "role", true);
	hf_ct_read_day(d, node, "on", true);
	s->on = hf_doc_text(d, node, "on", true);
}

static void
read_party(struct hf_doc *d, uint32_t object, const char *name, struct hf_ct_party *p)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_OBJECT, true);
	const char **orgs;
	size_t n;

	p->id = name;
	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "name orgs signers signed");
	p->name = hf_doc_text(d, node, "name", true);
	orgs = hf_doc_ids(d, node, "orgs", true, &n);
	if (n > HF_CT_ORGS)
		hf_doc_wrong(d, node, "a party has at most %d organisations",
			     HF_CT_ORGS);
	for (p->n_orgs = 0; p->n_orgs < n && p->n_orgs < HF_CT_ORGS; p->n_orgs++)
		p->orgs[p->n_orgs] = orgs[p->n_orgs];
	p->roles = hf_doc_ids(d, node, "signers", true, &p->n_roles);
	read_signature(d, node, &p->signature);
}

static void
check_parties(struct hf_doc *d, const struct hf_ct_terms *t)
{
	const struct hf_ct_party *a = &t->parties[0], *b = &t->parties[1];
	uint32_t node = hf_json_member(&d->json, 0, "parties");

	for (size_t i = 0; i < a->n_orgs; i++)
		for (size_t k = 0; k < b->n_orgs; k++)
			if (strcmp(a->orgs[i], b->orgs[k]) == 0)
				hf_doc_wrong(d, node,
					     "\"%s\" cannot be of both parties",
					     a->orgs[i]);
	if (strcmp(t->status, "draft") == 0)
		return;
	if (!a->signature.on || !*a->signature.on || !b->signature.on ||
	    !*b->signature.on)
		hf_doc_wrong(
		    d, node,
		    "a contract that is not a draft is signed by both parties");
	else if (strcmp(a->signature.name, b->signature.name) == 0)
		hf_doc_wrong(d, node, "one person cannot sign for both parties");
}

static void
read_parties(struct hf_doc *d, struct hf_ct_terms *t)
{
	uint32_t node = hf_doc_member(d, 0, "parties", HF_JSON_OBJECT, true);

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "commissioner provider");
	read_party(d, node, "commissioner", &t->parties[HF_CT_COMMISSIONER]);
	read_party(d, node, "provider", &t->parties[HF_CT_PROVIDER]);
	check_parties(d, t);
}

/* ---- dates ---- */

/* A version that takes the place of another within the year needs both (section 2). */
static void
read_dates(struct hf_doc *d, struct hf_ct_terms *t)
{
	struct hf_period first, last;

	t->from = hf_ct_read_day(d, 0, "from", true);
	t->to = hf_ct_read_day(d, 0, "to", true);
	t->joint_approval = hf_doc_bool(d, 0, "joint_approval", false);
	if (t->from == INT64_MIN || t->to == INT64_MIN)
		return;
	first = hf_period_of(t->from);
	last = hf_period_of(t->to);
	t->fy = first.fy;
	if (t->to < t->from || first.fy != last.fy)
		hf_doc_wrong(d, hf_json_member(&d->json, 0, "to"),
			     "a contract ends in the financial year it begins in, not "
			     "before it begins");
	else if (*t->supersedes && t->from != hf_period_first(t->fy, 1) &&
		 !t->joint_approval)
		hf_doc_wrong(d, hf_json_member(&d->json, 0, "from"),
			     "INYEAR_NOT_AGREED: a change within the year needs "
			     "\"joint_approval\" of both parties; else it begins on 1 "
			     "April");
}

/* ---- sub-contracts ---- */

static void
read_parts(struct hf_doc *d, struct hf_ct_terms *t)
{
	uint32_t list = hf_doc_member(d, 0, "subcontracts", HF_JSON_ARRAY,
				      t->form == HF_CT_LEAD_PROVIDER);
	hf_rate sum = 0;

	t->head = hf_ct_read_pounds(d, 0, "head", t->form == HF_CT_LEAD_PROVIDER);
	if (list == HF_JSON_NONE)
		return;
	if (hf_json_count(&d->json, list) > HF_CT_PARTS) {
		hf_doc_wrong(d, list, "at most %d sub-contracts", HF_CT_PARTS);
		return;
	}
	HF_DOC_EACH(d, c, list)
	{
		struct hf_ct_part *p = &t->parts[t->n_parts++];

		hf_doc_only(d, c, "id name org share");
		p->id = hf_doc_id(d, c, "id", true);
		p->name = hf_doc_text(d, c, "name", true);
		p->org = hf_doc_id(d, c, "org", false);
		p->share = hf_ct_read_percent(d, c, "share", 100, 0);
		sum += p->share;
	}
	if (sum != HF_RATE_ONE)
		hf_doc_wrong(d, list,
			     "the shares of the lead and the sub-contracts have to add "
			     "up to 100 %%");
}

static void
check_head(struct hf_doc *d, const struct hf_ct_terms *t)
{
	hf_pence sum = 0;

	if (t->form != HF_CT_LEAD_PROVIDER)
		return;
	for (size_t i = 0; i < t->n_lines; i++)
		for (int m = 0; m < HF_CT_MONTHS; m++)
			if (!hf_pence_add(&sum, t->lines[i].plan[m]))
				return;
	if (sum != t->head)
		hf_doc_wrong(d, hf_json_member(&d->json, 0, "head"),
			     "the plans of the components do not add up to \"head\"");
}

static void
read_levels(struct hf_doc *d, struct hf_ct_terms *t)
{
	uint32_t node = hf_doc_member(d, 0, "deviation", HF_JSON_OBJECT, false);

	t->levels = (struct hf_ct_levels){.amber = HF_RATE_ONE / 50,
					  .red = HF_RATE_ONE / 20,
					  .watch = HF_RATE_ONE / 20,
					  .least = 10000000};
	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "amber red watch least");
	t->levels.amber = hf_ct_read_percent(d, node, "amber", 100, t->levels.amber);
	t->levels.red = hf_ct_read_percent(d, node, "red", 100, t->levels.red);
	t->levels.watch = hf_ct_read_percent(d, node, "watch", 100, t->levels.watch);
	if (hf_json_member(&d->json, node, "least") != HF_JSON_NONE)
		t->levels.least = hf_ct_read_pounds(d, node, "least", true);
	if (t->levels.amber > t->levels.red)
		hf_doc_wrong(d, node, "amber does not begin above red");
}

static void
read_document(struct hf_doc *d, struct hf_ct_terms *t)
{
	int form, status;

	hf_doc_only(d, 0,
		    "id version title form status supersedes demonstration summary "
		    "from to joint_approval rules prices floor parties components "
		    "subcontracts head deviation source");
	t->id = hf_doc_id(d, 0, "id", true);
	t->version = hf_doc_id(d, 0, "version", true);
	t->title = hf_doc_text(d, 0, "title", true);
	t->summary = hf_doc_text(d, 0, "summary", false);
	t->supersedes = hf_doc_id(d, 0, "supersedes", false);
	t->rules = hf_doc_text(d, 0, "rules", true);
	t->prices = hf_doc_text(d, 0, "prices", false);
	t->demonstration = hf_doc_bool(d, 0, "demonstration", false);
	t->floor = hf_ct_read_pounds(d, 0, "floor", false);
	form = hf_ct_read_word(d, 0, "form", forms);
	status = hf_ct_read_word(d, 0, "status", statuses);
	t->form = form < 0 ? HF_CT_BLOCK_CONTRACT : (enum hf_ct_form)form;
	t->status = status < 0 ? statuses[0] : statuses[status];
	read_dates(d, t);
	read_parties(d, t);
	read_levels(d, t);
	hf_ct_read_components(d, t);
	hf_ct_check_selects(d, t);
	read_parts(d, t);
	check_head(d, t);
}

enum hf_rc
hf_ct_terms_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		 struct hf_issues *issues, struct hf_ct_terms **out, struct hf_err *err)
{
	struct hf_ct_terms *t = HF_NEW(arena, struct hf_ct_terms);
	size_t before = issues->errors;
	struct hf_doc d;

	if (!t)
		return hf_fail(err, HF_TOO_LONG, name, "no memory for the contract");
	if (hf_doc_open(&d, name, text, arena, issues))
		read_document(&d, t);
	if (d.full)
		return hf_fail(err, HF_TOO_LONG, name, "no memory for the contract");
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, name,
			       "the contract is not in order: %zu findings",
			       issues->errors - before);
	*out = t;
	return HF_OK;
}
