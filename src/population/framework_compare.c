/* framework_compare.c - a published comparison, and what counts would say of it. */
#include "population/framework_compare.h"

#include <stdlib.h>

#include "population/framework_report.h"

static double
number_at(struct hf_doc *d, uint32_t node)
{
	char text[64];
	struct hf_sv raw =
	    node == HF_JSON_NONE ? HF_SV("") : hf_json_raw(&d->json, node);

	if (node == HF_JSON_NONE || hf_json_type(&d->json, node) != HF_JSON_NUMBER) {
		hf_doc_wrong(d, node, "a number is needed here");
		return 0;
	}
	snprintf(text, sizeof text, "%.*s", HF_SV_ARG(raw));
	return strtod(text, NULL);
}

static void
load_pair(struct hf_doc *d, uint32_t counts, const char *name, double *before,
	  double *after)
{
	uint32_t list = hf_doc_member(d, counts, name, HF_JSON_ARRAY, true);

	if (list == HF_JSON_NONE)
		return;
	if (hf_json_count(&d->json, list) != 2) {
		hf_doc_wrong(d, list, "two counts: before and after");
		return;
	}
	*before = number_at(d, hf_json_at(&d->json, list, 0));
	*after = number_at(d, hf_json_at(&d->json, list, 1));
	if (!(*before > 0 && *after > 0))
		hf_doc_wrong(d, list, "counts are above 0");
}

static void
load_row(struct hf_doc *d, uint32_t node, struct hf_pop_compare_row *r)
{
	uint32_t published, counts;

	hf_doc_only(d, node, "title published counts");
	r->title = hf_doc_text(d, node, "title", true);
	r->counts.phi = 1;
	published = hf_doc_member(d, node, "published", HF_JSON_OBJECT, true);
	if (published != HF_JSON_NONE) {
		hf_doc_only(d, published, "treated others");
		r->treated =
		    number_at(d, hf_json_get(&d->json, published, HF_SV("treated")));
		r->others =
		    number_at(d, hf_json_get(&d->json, published, HF_SV("others")));
	}
	counts = hf_doc_member(d, node, "counts", HF_JSON_OBJECT, false);
	if (counts == HF_JSON_NONE)
		return;
	hf_doc_only(d, counts, "treated others");
	load_pair(d, counts, "treated", &r->counts.a0, &r->counts.a1);
	load_pair(d, counts, "others", &r->counts.b0, &r->counts.b1);
	r->counted = true;
}

static void
load_lists(struct hf_doc *d, struct hf_pop_comparison *c)
{
	uint32_t rows = hf_doc_member(d, 0, "rows", HF_JSON_ARRAY, true);
	uint32_t caveats = hf_doc_member(d, 0, "caveats", HF_JSON_ARRAY, true);

	if (hf_json_count(&d->json, rows) > HF_POP_COMPARE_ROWS ||
	    hf_json_count(&d->json, caveats) > HF_POP_COMPARE_CAVEATS) {
		hf_doc_wrong(d, rows, "at most %d rows and %d caveats",
			     HF_POP_COMPARE_ROWS, HF_POP_COMPARE_CAVEATS);
		return;
	}
	HF_DOC_EACH(d, row, rows)
	load_row(d, row, &c->rows[c->n++]);
	HF_DOC_EACH(d, text, caveats)
	{
		struct hf_sv s = hf_json_str(&d->json, text, d->arena);
		const char *copy = hf_arena_cstr(d->arena, s.p ? s : HF_SV(""));

		if (!copy || !*copy)
			hf_doc_wrong(d, text, "a sentence is needed here");
		else
			c->caveats[c->n_caveats++] = copy;
	}
}

enum hf_rc
hf_pop_comparison_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		       struct hf_issues *issues, struct hf_pop_comparison *out,
		       struct hf_err *err)
{
	struct hf_pop_comparison *c = HF_NEW(arena, struct hf_pop_comparison);
	enum hf_rc rc;
	struct hf_doc d;

	if (!c)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (hf_doc_open(&d, name, text, arena, issues)) {
		hf_doc_only(&d, 0,
			    "id version title source note treated others rows caveats");
		c->id = hf_doc_id(&d, 0, "id", true);
		c->version = hf_doc_id(&d, 0, "version", true);
		c->title = hf_doc_text(&d, 0, "title", true);
		c->source = hf_doc_text(&d, 0, "source", true);
		c->note = hf_doc_text(&d, 0, "note", true);
		c->treated = hf_doc_text(&d, 0, "treated", true);
		c->others = hf_doc_text(&d, 0, "others", true);
		load_lists(&d, c);
	}
	rc = hf_doc_close(&d, err);
	if (rc == HF_OK)
		*out = *c;
	return rc;
}

static void
put_counts(const struct hf_pop_comparison *c, const struct hf_pop_compare_row *r,
	   struct hf_buf *out)
{
	struct hf_ms_did_counts counts = r->counts;
	struct hf_ms_did d = hf_ms_did(&counts, 0.95);

	hf_buf_printf(out,
		      "  illustrative counts: %s %.0f to %.0f, others %.0f to %.0f\n",
		      c->treated, counts.a0, counts.a1, counts.b0, counts.b1);
	hf_buf_printf(out,
		      "  ratio %.5f (%.5f to %.5f), points %.1f (%.1f to %.1f), "
		      "p %.2f\n",
		      d.ratio.value, d.ratio.low, d.ratio.high, d.points.value,
		      d.points.low, d.points.high, d.p);
	hf_buf_printf(out, "  expected %.0f, difference %+.0f\n", d.expected,
		      d.difference);
	counts.phi = 2;
	d = hf_ms_did(&counts, 0.95);
	hf_buf_printf(out, "  with over-dispersion of 2: ratio %.5f (%.5f to %.5f)\n",
		      d.ratio.value, d.ratio.low, d.ratio.high);
}

void
hf_pop_comparison_text(const struct hf_pop_comparison *c, struct hf_buf *out)
{
	hf_buf_printf(out, "%s\n%s\n%s\n\n", c->title, c->source, c->note);
	for (size_t i = 0; i < c->n; i++) {
		const struct hf_pop_compare_row *r = &c->rows[i];
		double points, ratio;

		hf_ms_did_published(r->treated, r->others, &points, &ratio);
		hf_buf_printf(out,
			      "%s: %+.1f %% against %+.1f %%: %+.1f points, ratio of "
			      "change %+.4f %%%s\n",
			      r->title, r->treated, r->others, points, ratio,
			      r->counted ? "" : " (no counts: no interval)");
		if (r->counted)
			put_counts(c, r, out);
	}
	hf_buf_lit(out, "\nTo be read with it:\n");
	for (size_t i = 0; i < c->n_caveats; i++)
		hf_buf_printf(out, "- %s\n", c->caveats[i]);
	for (size_t i = 0; i < hf_pop_n_caveats; i++)
		hf_buf_printf(out, "- %s\n", hf_pop_caveats[i]);
}
