/* peer_load.c - a document of definitions/peers. */
#include "population/peer.h"

static void
load_nearest(struct hf_doc *d, struct hf_peer_group *g)
{
	uint32_t o = hf_doc_member(d, 0, "nearest", HF_JSON_OBJECT, false);

	g->to = "";
	if (o == HF_JSON_NONE)
		return;
	hf_doc_only(d, o, "to n features");
	g->to = hf_doc_id(d, o, "to", true);
	g->nearest = (int)hf_doc_int(d, o, "n", 1, 100, 10);
	g->features = hf_doc_ids(d, o, "features", true, &g->n_features);
	if (g->n_features > HF_PEER_FEATURES) {
		hf_doc_wrong(d, o, "at most %d features", HF_PEER_FEATURES);
		g->n_features = 0;
	}
}

static void
load_least(struct hf_doc *d, struct hf_peer_group *g)
{
	uint32_t o = hf_doc_member(d, 0, "least", HF_JSON_OBJECT, false);

	g->least = "";
	if (o == HF_JSON_NONE)
		return;
	hf_doc_only(d, o, "figure n");
	g->least = hf_doc_id(d, o, "figure", true);
	g->least_n = (double)hf_doc_int(d, o, "n", 1, 1000000000, 1);
}

static void
load_compares(struct hf_doc *d, struct hf_peer_group *g)
{
	uint32_t list = hf_doc_member(d, 0, "compare", HF_JSON_ARRAY, true);

	HF_DOC_EACH(d, o, list)
	{
		struct hf_peer_compare *c = &g->compares[g->n_compares];

		if (g->n_compares == HF_PEER_COMPARES) {
			hf_doc_wrong(d, o, "at most %d measures are compared",
				     HF_PEER_COMPARES);
			return;
		}
		hf_doc_only(d, o, "measure figure over note");
		c->measure = hf_doc_id(d, o, "measure", true);
		c->figure = hf_doc_id(d, o, "figure", true);
		c->over = hf_doc_id(d, o, "over", false);
		c->note = hf_doc_text(d, o, "note", false);
		for (size_t i = 0; i < g->n_compares; i++)
			if (strcmp(g->compares[i].measure, c->measure) == 0)
				hf_doc_wrong(d, o, "the measure stands twice");
		g->n_compares++;
	}
	if (list != HF_JSON_NONE && g->n_compares == 0)
		hf_doc_wrong(d, list, "a group compares measures");
}

enum hf_rc
hf_peer_group_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		   struct hf_issues *issues, struct hf_peer_group *out,
		   struct hf_err *err)
{
	struct hf_peer_group g = {0};
	size_t before = issues->errors;
	struct hf_date day;
	struct hf_doc d;
	const char *of;

	if (hf_doc_open(&d, name, text, arena, issues)) {
		hf_doc_only(&d, 0,
			    "id version title source frozen of named nearest leaveOut "
			    "least compare");
		g.id = hf_doc_id(&d, 0, "id", true);
		g.version = hf_doc_id(&d, 0, "version", true);
		g.title = hf_doc_text(&d, 0, "title", true);
		g.source = hf_doc_text(&d, 0, "source", true);
		g.frozen = hf_doc_text(&d, 0, "frozen", true);
		if (*g.frozen && (!hf_date_parse(hf_sv_from(g.frozen), false, &day) ||
				  day.precision != HF_PREC_DAY))
			hf_doc_wrong(&d, 0, "\"frozen\" is a day, 2026-03-31");
		of = hf_doc_text(&d, 0, "of", true);
		g.boards = strcmp(of, "boards") == 0;
		if (*of && !g.boards && strcmp(of, "organisations") != 0)
			hf_doc_wrong(&d, 0, "\"of\" is organisations or boards");
		g.named = hf_doc_ids(&d, 0, "named", false, &g.n_named);
		g.leave_out = hf_doc_ids(&d, 0, "leaveOut", false, &g.n_leave_out);
		load_nearest(&d, &g);
		load_least(&d, &g);
		load_compares(&d, &g);
		if (g.n_named && g.nearest)
			hf_doc_wrong(&d, 0,
				     "peers are \"named\" or \"nearest\", not both");
	}
	if (d.full)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, name, "it has %zu mistakes",
			       issues->errors - before);
	*out = g;
	return HF_OK;
}
