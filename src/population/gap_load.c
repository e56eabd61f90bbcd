/* gap_load.c - a document of definitions/care-gaps. */
#include "population/gap.h"

enum { DAYS_MOST = 3660 };

static void
load_done(struct hf_doc *d, struct hf_pop_gap *g)
{
	uint32_t done = hf_doc_member(d, 0, "done", HF_JSON_OBJECT, false);

	if (done == HF_JSON_NONE)
		return;
	hf_doc_only(d, done, "values days");
	g->values = hf_doc_ids(d, done, "values", true, &g->n_values);
	g->days = (int)hf_doc_int(d, done, "days", 1, DAYS_MOST, 0);
	if (g->n_values == 0 || g->n_values > HF_POP_GAP_VALUES || !g->days)
		hf_doc_wrong(d, done, "1 to %d values and \"days\" are needed here",
			     HF_POP_GAP_VALUES);
}

static uint32_t
load_settings(struct hf_doc *d, uint32_t o)
{
	static const struct {
		const char *name;
		enum hf_pop_setting setting;
	} known[] = {{"COM", HF_POP_COM}, {"GP", HF_POP_GP},  {"UCR", HF_POP_UCR},
		     {"VW", HF_POP_VW},	  {"MH", HF_POP_MH},  {"ASC", HF_POP_ASC},
		     {"OP", HF_POP_OP},	  {"111", HF_POP_111}};
	size_t n, k;
	const char **ids = hf_doc_ids(d, o, "settings", true, &n);
	uint32_t bits = 0;

	for (size_t i = 0; ids && i < n; i++) {
		for (k = 0; k < HF_COUNT(known); k++)
			if (strcmp(ids[i], known[k].name) == 0)
				break;
		if (k < HF_COUNT(known))
			bits |= 1u << known[k].setting;
		else if (*ids[i])
			hf_doc_wrong(d, o, "\"%s\" is no setting of a contact", ids[i]);
	}
	return bits;
}

static void
load_after(struct hf_doc *d, struct hf_pop_gap *g)
{
	uint32_t after = hf_doc_member(d, 0, "afterStay", HF_JSON_OBJECT, false);

	if (after == HF_JSON_NONE)
		return;
	hf_doc_only(d, after, "days until settings");
	g->after_days = (int)hf_doc_int(d, after, "days", 1, DAYS_MOST, 0);
	g->until = (int)hf_doc_int(d, after, "until", 1, DAYS_MOST, 0);
	g->settings = load_settings(d, after);
	if (!g->after_days || g->until <= g->after_days)
		hf_doc_wrong(d, after,
			     "\"days\" and a longer \"until\" are needed here");
}

enum hf_rc
hf_pop_gap_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		struct hf_issues *issues, struct hf_pop_gap *out, struct hf_err *err)
{
	struct hf_pop_gap *g = HF_NEW(arena, struct hf_pop_gap);
	struct hf_doc d;
	enum hf_rc rc;

	if (!g)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (hf_doc_open(&d, name, text, arena, issues)) {
		hf_doc_only(&d, 0, "id version title action source who done afterStay");
		g->id = hf_doc_id(&d, 0, "id", true);
		g->version = hf_doc_id(&d, 0, "version", true);
		g->title = hf_doc_text(&d, 0, "title", true);
		g->action = hf_doc_text(&d, 0, "action", true);
		g->source = hf_doc_text(&d, 0, "source", true);
		g->who.id = g->id;
		g->who.n = 2;
		hf_pop_clauses_load(&d, 0, "who", &g->who.segments[0]);
		g->who.segments[1].n = 1; /* everybody else */
		load_done(&d, g);
		load_after(&d, g);
		if ((g->n_values > 0) == (g->after_days > 0))
			hf_doc_wrong(&d, 0,
				     "either \"done\" or \"afterStay\" is needed");
	}
	rc = hf_doc_close(&d, err);
	if (rc == HF_OK)
		*out = *g;
	return rc;
}
