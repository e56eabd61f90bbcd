/* pool.c - see pool.h. */
#include "contract/pool.h"

#include "contract/terms_int.h"

static const char *const party_words[] = {"nhs", "council", NULL};

/* ---- reading ---- */

static void
read_sources(struct hf_doc *d, struct hf_ct_pool *p)
{
	uint32_t list = hf_doc_member(d, 0, "contributions", HF_JSON_ARRAY, true);

	if (hf_json_count(&d->json, list) > HF_CT_POOL_SOURCES) {
		hf_doc_wrong(d, list, "at most %d contributions", HF_CT_POOL_SOURCES);
		return;
	}
	HF_DOC_EACH(d, c, list)
	{
		struct hf_ct_source *s = &p->sources[p->n_sources++];

		hf_doc_only(d, c, "id title party pounds ring_fence");
		s->id = hf_doc_id(d, c, "id", true);
		s->title = hf_doc_text(d, c, "title", true);
		s->ring = hf_doc_id(d, c, "ring_fence", false);
		s->party = hf_ct_read_word(d, c, "party", party_words);
		s->pence = hf_ct_read_pounds(d, c, "pounds", true);
		if (!hf_pence_add(&p->total, s->pence))
			hf_doc_wrong(d, c, "the contributions are too much");
	}
}

static void
read_line(struct hf_doc *d, uint32_t c, struct hf_ct_pool_line *l)
{
	uint32_t split = hf_doc_member(d, c, "split", HF_JSON_OBJECT, true);

	hf_doc_only(d, c, "id title lead budget split ring_fence prior_overspend");
	l->id = hf_doc_id(d, c, "id", true);
	l->title = hf_doc_text(d, c, "title", true);
	l->ring = hf_doc_id(d, c, "ring_fence", false);
	l->lead = hf_ct_read_word(d, c, "lead", party_words);
	l->budget = hf_ct_read_pounds(d, c, "budget", true);
	l->prior = hf_ct_read_pounds(d, c, "prior_overspend", false);
	if (split == HF_JSON_NONE)
		return;
	hf_doc_only(d, split, "nhs council");
	for (int i = 0; i < HF_CT_PARTIES; i++)
		l->split[i] = hf_ct_read_percent(d, split, party_words[i], 100, 0);
	if (l->split[0] + l->split[1] != HF_RATE_ONE)
		hf_doc_wrong(d, split, "the split has to add up to 100 %%");
}

static void
read_lines(struct hf_doc *d, struct hf_ct_pool *p)
{
	uint32_t list = hf_doc_member(d, 0, "lines", HF_JSON_ARRAY, true);
	hf_pence sum = 0;

	if (hf_json_count(&d->json, list) > HF_CT_POOL_LINES) {
		hf_doc_wrong(d, list, "at most %d lines", HF_CT_POOL_LINES);
		return;
	}
	HF_DOC_EACH(d, c, list)
	{
		struct hf_ct_pool_line *l = &p->lines[p->n_lines];

		read_line(d, c, l);
		if (hf_ct_pool_find(p, hf_sv_from(l->id)) >= 0)
			hf_doc_wrong(d, c, "there is a line \"%s\" already", l->id);
		p->n_lines++;
		if (!hf_pence_add(&sum, l->budget))
			hf_doc_wrong(d, c, "the budgets are too much");
	}
	p->unallocated = p->total - sum;
	if (p->unallocated < 0)
		hf_doc_wrong(
		    d, list,
		    "the budgets of the lines are more than the contributions");
}

/* Ring-fenced money has lines it may go to. */
static void
check_rings(struct hf_doc *d, const struct hf_ct_pool *p)
{
	for (size_t i = 0; i < p->n_sources; i++) {
		const char *ring = p->sources[i].ring;
		hf_pence in = 0, lines = 0;

		if (!*ring)
			continue;
		for (size_t k = 0; k < p->n_sources; k++)
			if (strcmp(p->sources[k].ring, ring) == 0)
				in += p->sources[k].pence;
		for (size_t k = 0; k < p->n_lines; k++)
			if (strcmp(p->lines[k].ring, ring) == 0)
				lines += p->lines[k].budget;
		if (lines < in)
			hf_doc_wrong(
			    d, hf_json_member(&d->json, 0, "contributions"),
			    "the money ring-fenced for \"%s\" is more than the "
			    "budgets of its lines",
			    ring);
	}
}

static void
read_signers(struct hf_doc *d, uint32_t node, struct hf_ct_party *party)
{
	const char **orgs;
	size_t n;

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "name orgs signers");
	party->name = hf_doc_text(d, node, "name", true);
	orgs = hf_doc_ids(d, node, "orgs", true, &n);
	for (; party->n_orgs < n && party->n_orgs < HF_CT_ORGS; party->n_orgs++)
		party->orgs[party->n_orgs] = orgs[party->n_orgs];
	party->roles = hf_doc_ids(d, node, "signers", true, &party->n_roles);
}

static void
read_party(struct hf_doc *d, uint32_t object, int i, struct hf_ct_pool *p)
{
	p->parties[i].id = party_words[i];
	read_signers(d, hf_doc_member(d, object, party_words[i], HF_JSON_OBJECT, true),
		     &p->parties[i]);
}

static void
read_metrics(struct hf_doc *d, struct hf_ct_pool *p)
{
	uint32_t list = hf_doc_member(d, 0, "metrics", HF_JSON_ARRAY, false);

	if (list == HF_JSON_NONE)
		return;
	if (hf_json_count(&d->json, list) > HF_CT_POOL_METRICS) {
		hf_doc_wrong(d, list, "at most %d metrics", HF_CT_POOL_METRICS);
		return;
	}
	HF_DOC_EACH(d, c, list)
	{
		struct hf_ct_metric *m = &p->metrics[p->n_metrics++];

		hf_doc_only(d, c, "id title measure");
		m->id = hf_doc_id(d, c, "id", true);
		m->title = hf_doc_text(d, c, "title", true);
		m->measure = hf_doc_id(d, c, "measure", true);
	}
}

static void
read_document(struct hf_doc *d, struct hf_ct_pool *p)
{
	uint32_t parties = hf_doc_member(d, 0, "parties", HF_JSON_OBJECT, true);
	const char *year;

	hf_doc_only(d, 0,
		    "id version title summary year demonstration source parties host "
		    "shared_overspend virement_threshold contributions lines board "
		    "metrics");
	p->id = hf_doc_id(d, 0, "id", true);
	p->version = hf_doc_id(d, 0, "version", true);
	p->title = hf_doc_text(d, 0, "title", true);
	p->summary = hf_doc_text(d, 0, "summary", false);
	p->demonstration = hf_doc_bool(d, 0, "demonstration", false);
	p->host = hf_doc_text(d, 0, "host", true);
	year = hf_doc_text(d, 0, "year", true);
	if (!hf_fy_parse(hf_sv_from(year), &p->fy))
		hf_doc_wrong(d, hf_json_member(&d->json, 0, "year"),
			     "\"year\" is a financial year as 2020/21");
	p->shared = hf_ct_read_percent(d, 0, "shared_overspend", 100, HF_RATE_ONE / 20);
	p->virement = hf_ct_read_pounds(d, 0, "virement_threshold", true);
	for (int i = 0; parties != HF_JSON_NONE && i < HF_CT_PARTIES; i++)
		read_party(d, parties, i, p);
	p->board.id = "board";
	p->board.name = "";
	read_signers(d, hf_doc_member(d, 0, "board", HF_JSON_OBJECT, false), &p->board);
	read_metrics(d, p);
	read_sources(d, p);
	read_lines(d, p);
	check_rings(d, p);
}

enum hf_rc
hf_ct_pool_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		struct hf_issues *issues, struct hf_ct_pool **out, struct hf_err *err)
{
	struct hf_ct_pool *p = HF_NEW(arena, struct hf_ct_pool);
	size_t before = issues->errors;
	struct hf_doc d;

	if (!p)
		return hf_fail(err, HF_TOO_LONG, name, "no memory for the fund");
	if (hf_doc_open(&d, name, text, arena, issues))
		read_document(&d, p);
	if (d.full)
		return hf_fail(err, HF_TOO_LONG, name, "no memory for the fund");
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, name,
			       "the fund is not in order: %zu findings",
			       issues->errors - before);
	*out = p;
	return HF_OK;
}

int
hf_ct_pool_find(const struct hf_ct_pool *p, struct hf_sv line)
{
	for (size_t i = 0; i < p->n_lines; i++)
		if (hf_sv_eq(line, hf_sv_from(p->lines[i].id)))
			return (int)i;
	return -1;
}

int
hf_ct_pool_party(const struct hf_ct_pool *p, struct hf_sv org)
{
	for (int k = 0; org.n && k < HF_CT_PARTIES; k++)
		for (size_t i = 0; i < p->parties[k].n_orgs; i++)
			if (hf_sv_eq(org, hf_sv_from(p->parties[k].orgs[i])))
				return k;
	return -1;
}

bool
hf_ct_pool_board(const struct hf_ct_pool *p, struct hf_sv org, struct hf_sv role)
{
	bool of_it = false, signs = false;

	for (size_t i = 0; org.n && i < p->board.n_orgs; i++)
		of_it |= hf_sv_eq(org, hf_sv_from(p->board.orgs[i]));
	for (size_t i = 0; role.n && i < p->board.n_roles; i++)
		signs |= hf_sv_eq(role, hf_sv_from(p->board.roles[i]));
	return of_it && signs;
}

/* ---- sharing ---- */

/* v by the split of the line: to the penny. */
static bool
split(const struct hf_ct_pool_line *l, hf_pence v, hf_pence out[HF_CT_PARTIES])
{
	return hf_pence_allocate(v, l->split, HF_CT_PARTIES, out);
}

static bool
share_over(const struct hf_ct_pool *p, const struct hf_ct_pool_line *l,
	   struct hf_ct_pool_now *now)
{
	hf_pence most;

	if (!hf_pence_scale(now->budget, p->shared, HF_HALF_AWAY, &most))
		return false;
	if (most > now->differs)
		most = now->differs;
	now->lead = now->differs - most;
	return split(l, most, now->share);
}

static bool
share_under(const struct hf_ct_pool_line *l, struct hf_ct_pool_now *now)
{
	hf_pence left = -now->differs;

	now->repaid = l->prior < left ? l->prior : left;
	return split(l, -(left - now->repaid), now->share);
}

bool
hf_ct_pool_share(const struct hf_ct_pool *p, size_t line, struct hf_ct_pool_now *now)
{
	const struct hf_ct_pool_line *l = &p->lines[line];

	now->outturn = now->actual;
	now->lead = now->repaid = 0;
	if (!hf_pence_add(&now->outturn, now->accrued) ||
	    !hf_pence_add(&now->outturn, now->remaining))
		return false;
	now->differs = now->outturn;
	if (!hf_pence_sub(&now->differs, now->budget))
		return false;
	return now->differs >= 0 ? share_over(p, l, now) : share_under(l, now);
}
