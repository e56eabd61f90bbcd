/* score_weights.c - the published table of a score, as it was imported, in place of the
 * items that come with the program.  population.md 2.1: weights are a loadable table.
 */
#include "population/score.h"

static char *
lower(struct hf_arena *arena, struct hf_sv s)
{
	char *out = hf_arena_cstr(arena, s);

	for (char *p = out; p && *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	return out;
}

/* "Hospital Frailty Risk Score (two of its 109 codes)": not any more. */
static struct hf_sv
plain(const char *title)
{
	struct hf_sv t = hf_sv_from(title);

	t.n = hf_sv_find(t, '(');
	return hf_sv_trim(t);
}

static bool
set_item(struct hf_pop_score *s, const struct hf_pop_weight *w, struct hf_arena *arena,
	 struct hf_pop_item *out)
{
	struct hf_pop_pattern *p = HF_NEW(arena, struct hf_pop_pattern);
	/* Thousandths of the score, in its points: nearest. */
	int64_t points = (w->milli * s->divide + 500) / 1000;

	*out = (struct hf_pop_item){.id = lower(arena, w->code),
				    .title = hf_arena_cstr(arena, w->code),
				    .parent = -1,
				    .icd10 = {p, 1}};
	if (!p || !out->id || !out->title || !hf_pop_pattern_read(w->code, p))
		return false;
	for (size_t v = 0; v < s->n_variants; v++)
		out->points[v] = (int32_t)points;
	return true;
}

enum hf_rc
hf_pop_score_weights(struct hf_pop_score *s, const struct hf_pop_weight *w, size_t n,
		     struct hf_sv version, struct hf_sv source, struct hf_arena *arena,
		     struct hf_err *err)
{
	struct hf_pop_item *items = hf_arena_array(arena, n ? n : 1, sizeof *items);
	struct hf_sv note, from;

	if (n == 0 || n > HF_POP_SCORE_ITEMS)
		return hf_fail(err, HF_INVALID, s->id,
			       "a table of weights has 1 to %d codes",
			       HF_POP_SCORE_ITEMS);
	for (size_t i = 0; items && i < n; i++)
		if (!set_item(s, &w[i], arena, &items[i]))
			return hf_fail(err, HF_INVALID, s->id,
				       "\"%.*s\" is no code of ICD-10",
				       HF_SV_ARG(w[i].code));
	note =
	    hf_arena_printf(arena, "By an imported table of %zu weights, version %.*s.",
			    n, HF_SV_ARG(version));
	from = hf_arena_printf(arena, "%s%s%.*s", s->source,
			       source.n ? "; table: " : "", HF_SV_ARG(source));
	if (!items || !note.p || !from.p)
		return hf_fail(err, HF_TOO_LONG, s->id, "it needs too much memory");
	s->items = items;
	s->n_items = n;
	s->n_drops = 0;
	s->version = hf_arena_cstr(
	    arena, hf_arena_printf(arena, "%s+%.*s", s->version, HF_SV_ARG(version)));
	s->title = hf_arena_cstr(arena, plain(s->title));
	s->note = hf_arena_cstr(arena, note);
	s->source = hf_arena_cstr(arena, from);
	return s->version && s->title && s->note && s->source
		   ? HF_OK
		   : hf_fail(err, HF_TOO_LONG, s->id, "it needs too much memory");
}
