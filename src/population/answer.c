/* answer.c - see answer.h. */
#include "population/answer.h"

#include <inttypes.h>
#include <stdio.h>

static void
put_shown(struct hf_jw *w, struct hf_pop_shown n)
{
	hf_jw_member(w, "n");
	if (n.hidden)
		hf_jw_null(w);
	else
		hf_jw_int(w, n.n);
}

static struct hf_sv
month_text(int32_t month, char text[16])
{
	int n = snprintf(text, 16, "%04" PRId32 "-%02" PRId32, 1990 + month / 12,
			 month % 12 + 1);

	return (struct hf_sv){text, (size_t)n};
}

static void
put_dim(const struct hf_pop_dims *d, enum hf_pop_dim dim, struct hf_jw *w)
{
	hf_jw_field(w, "code", hf_sv_from(hf_pop_dim_word[dim]));
	hf_jw_field(w, "text", hf_sv_from(hf_pop_dim_text[dim]));
	hf_jw_member(w, "values");
	hf_jw_arr(w);
	for (size_t v = 0; v < d->values[dim]; v++) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", d->code[dim][v]);
		hf_jw_field(w, "text", d->label[dim][v]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_rows(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
	 const struct hf_pop_answer *a, struct hf_jw *w)
{
	hf_jw_member(w, "by");
	hf_jw_arr(w);
	for (size_t b = 0; b < ask->n_by; b++) {
		hf_jw_obj(w);
		put_dim(d, ask->by[b], w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "rows");
	hf_jw_arr(w);
	for (size_t i = 0; i < a->n_rows; i++) {
		hf_jw_obj(w);
		hf_jw_member(w, "values");
		hf_jw_arr(w);
		for (size_t b = 0; b < ask->n_by; b++)
			hf_jw_str(w, d->code[ask->by[b]][a->rows[i].value[b]]);
		hf_jw_arr_end(w);
		put_shown(w, a->rows[i].n);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_events(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
	   const struct hf_pop_answer *a, struct hf_jw *w)
{
	char text[16];

	hf_jw_member(w, "events");
	hf_jw_arr(w);
	for (size_t i = 0; i < a->n_events; i++) {
		const struct hf_pop_event_row *e = &a->events[i];

		hf_jw_obj(w);
		if (ask->n_by)
			hf_jw_field(w, "value", d->code[ask->by[0]][e->value]);
		if (e->month >= 0)
			hf_jw_field(w, "month", month_text(e->month, text));
		put_shown(w, e->n);
		hf_jw_member(w, "pence");
		if (e->has_cost)
			hf_jw_int(w, e->cost);
		else
			hf_jw_null(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_histograms(const struct hf_pop_dims *d, const struct hf_pop_answer *a,
	       struct hf_jw *w)
{
	hf_jw_member(w, "histograms");
	hf_jw_arr(w);
	for (size_t k = 0; k < HF_POP_DIMS; k++) {
		hf_jw_obj(w);
		put_dim(d, (enum hf_pop_dim)k, w);
		hf_jw_member(w, "n");
		hf_jw_arr(w);
		for (size_t v = 0; v < d->values[k]; v++)
			if (a->hist[k][v].hidden)
				hf_jw_null(w);
			else
				hf_jw_int(w, a->hist[k][v].n);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_pop_answer_json(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		   const struct hf_pop_answer *a, struct hf_jw *w)
{
	hf_jw_field(w, "rule",
		    ask->sdc == HF_POP_STRICT5 ? HF_SV("strict5")
		    : ask->sdc == HF_POP_HES7  ? HF_SV("hes7")
					       : HF_SV("true"));
	hf_jw_member(w, "persons");
	hf_jw_obj(w);
	put_shown(w, a->persons);
	hf_jw_obj_end(w);
	if (ask->n_by && !ask->settings)
		put_rows(d, ask, a, w);
	if (ask->settings)
		put_events(d, ask, a, w);
	if (ask->histograms)
		put_histograms(d, a, w);
}

/* ---- text ---- */

struct text {
	struct hf_buf *b;
	char sep; /* of columns; '\t' is padded */
	size_t column;
};

static void
cell(struct text *t, struct hf_sv s)
{
	bool quote = false;

	if (t->column++)
		hf_buf_char(t->b, t->sep);
	for (size_t i = 0; t->sep == ',' && i < s.n; i++)
		quote |= strchr(",\"\r\n", s.p[i]) != NULL;
	if (quote)
		hf_buf_char(t->b, '"');
	if (t->sep == ',' && s.n && strchr("=+-@", s.p[0]))
		hf_buf_char(t->b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (quote && s.p[i] == '"')
			hf_buf_char(t->b, '"');
		hf_buf_char(t->b, s.p[i]);
	}
	if (quote)
		hf_buf_char(t->b, '"');
	for (size_t i = s.n; t->sep != ',' && i < 20; i++)
		hf_buf_char(t->b, ' ');
}

static void
line_end(struct text *t)
{
	while (t->sep != ',' && t->b->n && t->b->p[t->b->n - 1] == ' ')
		t->b->n--;
	hf_buf_char(t->b, '\n');
	t->column = 0;
}

static void
number(struct text *t, bool shown, int64_t n)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%" PRId64, n);

	/* A count is never negative; money can be, and is no formula. */
	if (!shown)
		cell(t, HF_SV("*"));
	else if (n < 0 && t->sep == ',')
		hf_buf_printf(t->b, "%s%s", t->column++ ? "," : "", text);
	else
		cell(t, (struct hf_sv){text, (size_t)len});
}

static void
say_rows(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
	 const struct hf_pop_answer *a, struct text *t)
{
	for (size_t b = 0; b < ask->n_by; b++)
		cell(t, hf_sv_from(hf_pop_dim_text[ask->by[b]]));
	cell(t, HF_SV("Persons"));
	line_end(t);
	for (size_t i = 0; i < a->n_rows; i++) {
		for (size_t b = 0; b < ask->n_by; b++)
			cell(t, d->label[ask->by[b]][a->rows[i].value[b]]);
		number(t, !a->rows[i].n.hidden, a->rows[i].n.n);
		line_end(t);
	}
	for (size_t b = 0; b < ask->n_by; b++)
		cell(t, b ? HF_SV("") : HF_SV("All"));
	number(t, !a->persons.hidden, a->persons.n);
	line_end(t);
}

static void
say_events(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
	   const struct hf_pop_answer *a, struct text *t)
{
	char text[16];

	if (ask->n_by)
		cell(t, hf_sv_from(hf_pop_dim_text[ask->by[0]]));
	if (ask->monthly)
		cell(t, HF_SV("Month"));
	cell(t, HF_SV("Events"));
	cell(t, HF_SV("Pence"));
	line_end(t);
	for (size_t i = 0; i < a->n_events; i++) {
		const struct hf_pop_event_row *e = &a->events[i];

		if (ask->n_by)
			cell(t, d->label[ask->by[0]][e->value]);
		if (ask->monthly)
			cell(t, month_text(e->month, text));
		number(t, !e->n.hidden, e->n.n);
		number(t, e->has_cost, e->cost);
		line_end(t);
	}
}

static void
say(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
    const struct hf_pop_answer *a, struct text *t)
{
	if (ask->settings)
		say_events(d, ask, a, t);
	else
		say_rows(d, ask, a, t);
}

void
hf_pop_answer_csv(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		  const struct hf_pop_answer *a, struct hf_buf *b)
{
	say(d, ask, a, &(struct text){.b = b, .sep = ','});
}

void
hf_pop_answer_table(const struct hf_pop_dims *d, const struct hf_pop_ask *ask,
		    const struct hf_pop_answer *a, struct hf_buf *b)
{
	say(d, ask, a, &(struct text){.b = b, .sep = ' '});
}
