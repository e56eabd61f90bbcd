/* fill.c - see fill.h. */
#include "contract/fill.h"

#include <sodium.h>

static const char tail_mark[] = "; sha256 ";

struct planner {
	const struct hf_ct_terms *t;
	const struct hf_ct_filling *f;
	const struct hf_ct_kept *kept;
	size_t n_kept;
	const struct hf_ct_fill_ask *ask;
	struct hf_arena *arena;
	struct hf_ct_fill_plan *out;
};

char *
hf_ct_month_text(int fy, int month, char *buf, size_t size)
{
	struct hf_civil c =
	    hf_civil_from_time(hf_period_first(fy, month + 1) * 86400000);

	snprintf(buf, size, "%04d-%02d", (int)c.year, c.month);
	return buf;
}

/* ---- what stands ---- */

/* The hash that a source ends with; empty when it is not of activity. */
static struct hf_sv
tail(struct hf_sv source)
{
	struct hf_sv mark = hf_sv_from(tail_mark);

	for (size_t i = 0; i + mark.n < source.n; i++)
		if (memcmp(source.p + i, mark.p, mark.n) == 0)
			return hf_sv_from_at(source, i + mark.n);
	return (struct hf_sv){"", 0};
}

/* The newest of a line and month; frozen: the first final cut. */
static void
standing(const struct planner *p, size_t line, int month,
	 const struct hf_ct_kept **newest, const struct hf_ct_kept **frozen)
{
	*newest = *frozen = NULL;
	for (size_t i = 0; i < p->n_kept; i++) {
		const struct hf_ct_kept *k = &p->kept[i];

		if (k->in.line != line || k->in.month != month)
			continue;
		if (!*newest || k->in.seq > (*newest)->in.seq)
			*newest = k;
		if (k->in.freeze && (!*frozen || k->in.seq < (*frozen)->in.seq))
			*frozen = k;
	}
}

static bool
is_same(const struct hf_ct_kept *old, const struct hf_ct_kept *made)
{
	return old && old->in.units == made->in.units &&
	       old->in.pence == made->in.pence &&
	       hf_sv_eq(tail(old->source), tail(made->source));
}

/* ---- what is made ---- */

static bool
note(struct planner *p, struct hf_ct_note n)
{
	assert(p->out->n_notes < HF_CT_NOTES);
	p->out->notes[p->out->n_notes++] = n;
	return true;
}

static struct hf_sv
source_of(const struct planner *p, const struct hf_ct_filled *at)
{
	char hex[HF_CT_DIGEST * 2 + 1];

	sodium_bin2hex(hex, sizeof hex, at->digest, sizeof at->digest);
	return hf_arena_printf(p->arena, "activity: %.*s; %lld rows%s%s",
			       HF_SV_ARG(p->ask->origin), (long long)at->rows,
			       tail_mark, hex);
}

/* Does the line have figures of activity? */
static bool
is_filled(const struct hf_ct_line *l)
{
	return l->select || l->after != HF_CT_AFTER_NONE;
}

static bool
plan_one(struct planner *p, size_t line, int month)
{
	const struct hf_ct_filled *at = &p->f->at[line][month];
	const struct hf_ct_kept *newest, *frozen;
	struct hf_ct_kept made = {.in = {.line = (uint8_t)line,
					 .month = (uint8_t)month,
					 .freeze = p->ask->freeze,
					 .units = at->units,
					 .pence = at->pence,
					 .price = -1},
				  .source = source_of(p, at)};

	if (!made.source.p)
		return false;
	standing(p, line, month, &newest, &frozen);
	if (frozen && !is_same(frozen, &made)) {
		note(p, (struct hf_ct_note){.kind = HF_CT_NOTE_LATE,
					    .month = (uint8_t)month,
					    .line = (uint8_t)line,
					    .rows = made.in.units - frozen->in.units,
					    .pence = made.in.pence - frozen->in.pence});
		made.in.freeze = false; /* kept and shown, and does not count */
	}
	if (is_same(newest, &made) && (newest->in.freeze || !made.in.freeze)) {
		p->out->unchanged++;
		return true;
	}
	p->out->rows[p->out->n++] = made;
	return true;
}

static void
note_left(struct planner *p, int month)
{
	const struct hf_ct_left *left = &p->f->left[month];

	for (uint8_t k = 1; k < HF_CT_PROBLEMS; k++)
		if (left->problems[k])
			note(p, (struct hf_ct_note){.kind = HF_CT_NOTE_PROBLEM,
						    .month = (uint8_t)month,
						    .problem = k,
						    .rows = left->problems[k]});
	if (left->none)
		note(p, (struct hf_ct_note){.kind = HF_CT_NOTE_NONE,
					    .month = (uint8_t)month,
					    .rows = left->none,
					    .pence = left->none_pence});
}

enum hf_rc
hf_ct_fill_plan(const struct hf_ct_terms *t, const struct hf_ct_filling *f,
		const struct hf_ct_kept *kept, size_t n_kept,
		const struct hf_ct_fill_ask *ask, struct hf_arena *arena,
		struct hf_ct_fill_plan *out, struct hf_err *err)
{
	struct planner p = {t, f, kept, n_kept, ask, arena, out};

	*out = (struct hf_ct_fill_plan){0};
	if (ask->first < 0 || ask->last < ask->first || ask->last >= HF_CT_MONTHS)
		return hf_fail(err, HF_INVALID, "month",
			       "months are of the contract's year, the first before "
			       "the last");
	out->rows = hf_arena_array(arena, t->n_lines * HF_CT_MONTHS, sizeof *out->rows);
	out->notes = hf_arena_array(arena, HF_CT_NOTES, sizeof *out->notes);
	if (!out->rows || !out->notes)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the figures");
	for (int m = ask->first; m <= ask->last; m++) {
		for (size_t l = 0; l < t->n_lines; l++)
			if (is_filled(&t->lines[l]) && !plan_one(&p, l, m))
				return hf_fail(err, HF_TOO_LONG, NULL,
					       "no memory for the figures");
		note_left(&p, m);
	}
	for (size_t l = 0; l < t->n_lines; l++)
		if (!is_filled(&t->lines[l]) &&
		    t->components[t->lines[l].component].kind != HF_CT_RULE)
			note(&p, (struct hf_ct_note){.kind = HF_CT_NOTE_EMPTY,
						     .line = (uint8_t)l});
	return HF_OK;
}

/* ---- in words ---- */

void
hf_ct_note_text(const struct hf_ct_terms *t, const struct hf_ct_note *n,
		struct hf_buf *out)
{
	char month[16], money[HF_MONEY_TEXT];
	const char *line = t->lines[n->line].title;

	hf_ct_month_text(t->fy, n->month, month, sizeof month);
	hf_pence_text(n->pence, HF_PENCE_POUNDS, money, sizeof money);
	switch (n->kind) {
	case HF_CT_NOTE_PROBLEM:
		hf_buf_printf(out,
			      "%s: %lld could not be priced (%s), and are in no "
			      "figure: %s.",
			      month, (long long)n->rows, hf_ct_problem_code(n->problem),
			      hf_ct_problem_text(n->problem));
		break;
	case HF_CT_NOTE_NONE:
		hf_buf_printf(out,
			      "%s: %lld rows worth %s belong to no line of the "
			      "contract, and are in no figure.",
			      month, (long long)n->rows, money);
		break;
	case HF_CT_NOTE_LATE:
		hf_buf_printf(out,
			      "%s: %s is frozen; the activity differs from it by %s "
			      "(%+lld), which is kept as late and does not count.",
			      month, line, money, (long long)n->rows);
		break;
	case HF_CT_NOTE_EMPTY:
		hf_buf_printf(out,
			      "%s: no activity is said to be this line's; its figures "
			      "come otherwise.",
			      line);
		break;
	}
}

static const char *const kind_words[] = {"unpriced", "none", "late", "other"};

static void
write_note(const struct hf_ct_terms *t, const struct hf_ct_note *n, struct hf_jw *w)
{
	struct hf_buf text = {.cap = 2000};
	char month[16];

	hf_ct_note_text(t, n, &text);
	hf_jw_obj(w);
	hf_ct_text(w, "kind", kind_words[n->kind]);
	if (n->kind != HF_CT_NOTE_EMPTY)
		hf_ct_text(w, "month",
			   hf_ct_month_text(t->fy, n->month, month, sizeof month));
	if (n->kind == HF_CT_NOTE_LATE || n->kind == HF_CT_NOTE_EMPTY)
		hf_ct_text(w, "line", t->lines[n->line].id);
	if (n->kind == HF_CT_NOTE_PROBLEM)
		hf_ct_text(w, "problem", hf_ct_problem_code(n->problem));
	hf_ct_int(w, "rows", n->rows);
	hf_ct_int(w, "pence", n->pence);
	hf_jw_field(w, "text", hf_buf_view(&text));
	hf_jw_obj_end(w);
	hf_buf_free(&text);
}

void
hf_ct_fill_write(const struct hf_ct_terms *t, const struct hf_ct_fill_plan *plan,
		 struct hf_jw *w)
{
	char month[16];

	hf_jw_member(w, "rows");
	hf_jw_arr(w);
	for (size_t i = 0; i < plan->n; i++) {
		const struct hf_ct_input *in = &plan->rows[i].in;

		hf_jw_obj(w);
		hf_ct_text(w, "line", t->lines[in->line].id);
		hf_ct_text(w, "month",
			   hf_ct_month_text(t->fy, in->month, month, sizeof month));
		hf_ct_text(w, "cut", in->freeze ? "freeze" : "flex");
		hf_ct_int(w, "units", in->units);
		hf_ct_int(w, "pence", in->pence);
		hf_jw_field(w, "source", plan->rows[i].source);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_ct_int(w, "unchanged", (int64_t)plan->unchanged);
	hf_jw_member(w, "notes");
	hf_jw_arr(w);
	for (size_t i = 0; i < plan->n_notes; i++)
		write_note(t, &plan->notes[i], w);
	hf_jw_arr_end(w);
}
