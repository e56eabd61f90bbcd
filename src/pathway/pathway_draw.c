/* pathway_draw.c - a pathway as a picture: states in columns by how far they are from
 * the start, steps as arrows. */
#include "pathway/pathway.h"

enum {
	BOX_W = 168,
	BOX_H = 44,
	GAP_X = 96,
	GAP_Y = 52,
	EDGE = 24,
	HEAD = 56,
	FAR = 1000
};

struct drawing {
	const struct hf_pathway *p;
	struct hf_buf *out;
	int column[HF_PW_STATES], row[HF_PW_STATES], in_column[HF_PW_STATES + 1];
	int columns, rows;
};

static void
text(struct hf_buf *out, const char *s)
{
	hf_buf_html(out, hf_sv_from(s));
}

static const char *
title_of(const struct hf_pw_state *s)
{
	return *s->title ? s->title : s->id;
}

/* Distance from the start in steps; what leads to "*" does not count, or everything
 * would be one step away. */
static void
place_states(struct drawing *d)
{
	const struct hf_pathway *p = d->p;
	bool moved = true;

	for (size_t i = 0; i < p->n_states; i++)
		d->column[i] = i == p->start ? 0 : FAR;
	while (moved) {
		moved = false;
		for (size_t s = 0; s < p->n_steps; s++) {
			const struct hf_pw_step *step = &p->steps[s];

			if (step->to == HF_PW_RESUME)
				continue;
			for (size_t i = 0; i < p->n_states; i++)
				if ((step->in >> i & 1) &&
				    d->column[i] + 1 < d->column[step->to]) {
					d->column[step->to] = d->column[i] + 1;
					moved = true;
				}
		}
	}
	for (size_t i = 0; i < p->n_states; i++) {
		if (d->column[i] >= FAR)
			d->column[i] = 0;
		if (d->column[i] + 1 > d->columns)
			d->columns = d->column[i] + 1;
	}
	/* Ends stand in a column of their own, at the right. */
	for (size_t i = 0; i < p->n_states; i++)
		if (p->states[i].kind == HF_PW_END)
			d->column[i] = d->columns;
	d->columns++;
	for (size_t i = 0; i < p->n_states; i++) {
		d->row[i] = d->in_column[d->column[i]]++;
		if (d->row[i] + 1 > d->rows)
			d->rows = d->row[i] + 1;
	}
}

static int
x_of(const struct drawing *d, size_t state)
{
	return EDGE + d->column[state] * (BOX_W + GAP_X);
}

static int
y_of(const struct drawing *d, size_t state)
{
	return HEAD + d->row[state] * (BOX_H + GAP_Y);
}

static void
draw_state(struct drawing *d, size_t i)
{
	static const char *const fills[] = {"#d8e9f5", "#ffffff", "#fff4d6", "#e8edee"};
	const struct hf_pw_state *s = &d->p->states[i];

	hf_buf_printf(d->out,
		      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" "
		      "fill=\"%s\" stroke=\"#212b32\" stroke-width=\"%d\"/>\n",
		      x_of(d, i), y_of(d, i), BOX_W, BOX_H,
		      s->kind == HF_PW_END ? BOX_H / 2 : 6, fills[s->kind],
		      s->kind == HF_PW_START ? 3 : 1);
	hf_buf_printf(d->out,
		      "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" "
		      "font-size=\"13\">",
		      x_of(d, i) + BOX_W / 2, y_of(d, i) + BOX_H / 2 + 5);
	text(d->out, title_of(s));
	hf_buf_lit(d->out, "</text>\n");
}

/* An arrow from one state to another, with the events that take it. */
static void
draw_arrow(struct drawing *d, size_t from, size_t to, const char *label)
{
	int x1 = x_of(d, from) + BOX_W, y1 = y_of(d, from) + BOX_H / 2;
	int x2 = x_of(d, to), y2 = y_of(d, to) + BOX_H / 2, bend = GAP_X / 2;

	if (d->column[to] <= d->column[from]) { /* back: over the top of the boxes */
		x1 = x_of(d, from) + BOX_W / 2;
		y1 = y_of(d, from);
		x2 = x_of(d, to) + BOX_W / 2;
		y2 = y_of(d, to) + (d->row[to] < d->row[from] ? BOX_H : 0);
		bend = 0;
	}
	hf_buf_printf(d->out,
		      "<path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" "
		      "stroke=\"#4c6272\" marker-end=\"url(#a)\"><title>",
		      x1, y1, x1 + bend, y1 - (bend ? 0 : GAP_Y), x2 - bend,
		      y2 + (bend			? 0
			    : d->row[to] < d->row[from] ? GAP_Y
							: -GAP_Y),
		      x2, y2);
	text(d->out, label);
	hf_buf_lit(d->out, "</title></path>\n");
	hf_buf_printf(d->out,
		      "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"10\" "
		      "fill=\"#4c6272\">",
		      (x1 + x2) / 2, (y1 + y2) / 2 - 4);
	text(d->out, label);
	hf_buf_lit(d->out, "</text>\n");
}

/* What can happen almost anywhere, goes back to where it was or stays where it is
 * stands in words below the picture. */
static bool
in_words(const struct hf_pw_step *s)
{
	return __builtin_popcountll(s->in) > 3 || s->to == HF_PW_RESUME ||
	       s->in == (hf_pw_set)1 << s->to;
}

/* Steps between the same two states share an arrow. */
static void
draw_steps(struct drawing *d)
{
	const struct hf_pathway *p = d->p;

	for (size_t from = 0; from < p->n_states; from++) {
		for (size_t to = 0; to < p->n_states; to++) {
			char label[160] = "";
			size_t n = 0;
			bool any = false;

			for (size_t s = 0; s < p->n_steps; s++) {
				const struct hf_pw_step *step = &p->steps[s];
				const char *event = p->events[step->event];

				if (step->to != to || !(step->in >> from & 1) ||
				    in_words(step))
					continue;
				any = true;
				if (!strstr(label, event) && n + 40 < sizeof label)
					n += (size_t)snprintf(label + n,
							      sizeof label - n, "%s%s",
							      n ? ", " : "", event);
			}
			if (any)
				draw_arrow(d, from, to, label);
		}
	}
}

static void
list_others(struct drawing *d, int y)
{
	const struct hf_pathway *p = d->p;

	for (size_t s = 0; s < p->n_steps; s++) {
		const struct hf_pw_step *step = &p->steps[s];

		if (!in_words(step))
			continue;
		hf_buf_printf(d->out, "<text x=\"%d\" y=\"%d\" font-size=\"12\">", EDGE,
			      y);
		text(d->out, p->events[step->event]);
		if (__builtin_popcountll(step->in) == 1)
			hf_buf_printf(d->out, ", from %s, leads to ",
				      title_of(&p->states[__builtin_ctzll(step->in)]));
		else
			hf_buf_printf(d->out, ", from %d states, leads to ",
				      __builtin_popcountll(step->in));
		text(d->out, step->to == HF_PW_RESUME ? "where it was"
						      : title_of(&p->states[step->to]));
		hf_buf_lit(d->out, "</text>\n");
		y += 18;
	}
}

void
hf_pw_draw(const struct hf_pathway *p, struct hf_buf *out)
{
	struct drawing d = {.p = p, .out = out};
	int width, height, list = 0;

	place_states(&d);
	for (size_t s = 0; s < p->n_steps; s++)
		list += in_words(&p->steps[s]);
	width = 2 * EDGE + d.columns * BOX_W + (d.columns - 1) * GAP_X;
	height = HEAD + d.rows * (BOX_H + GAP_Y) + EDGE + list * 18;
	hf_buf_printf(out,
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		      "height=\"%d\" viewBox=\"0 0 %d %d\" "
		      "font-family=\"Frutiger, Arial, sans-serif\" role=\"img\">\n"
		      "<title>",
		      width, height, width, height);
	text(out, p->title);
	hf_buf_lit(out,
		   "</title>\n<defs><marker id=\"a\" markerWidth=\"9\" "
		   "markerHeight=\"7\" refX=\"9\" refY=\"3.5\" orient=\"auto\">"
		   "<path d=\"M0 0L9 3.5L0 7z\" fill=\"#4c6272\"/></marker></defs>\n"
		   "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
	hf_buf_printf(out,
		      "<text x=\"%d\" y=\"32\" font-size=\"20\" "
		      "font-weight=\"600\">",
		      EDGE);
	text(out, p->title);
	hf_buf_lit(out, " ");
	text(out, p->version);
	hf_buf_lit(out, "</text>\n");
	draw_steps(&d);
	for (size_t i = 0; i < p->n_states; i++)
		draw_state(&d, i);
	list_others(&d, HEAD + d.rows * (BOX_H + GAP_Y) + 12);
	hf_buf_lit(out, "</svg>\n");
}
