/* pathway_diff.c - what one version does otherwise than another. */
#include "pathway/pathway.h"

static void
line(struct hf_buf *out, const char *what, const char *kind, const char *id,
     const char *more)
{
	hf_buf_printf(out, "%s %s %s%s%s\n", what, kind, id, *more ? ": " : "", more);
}

static const struct hf_pw_step *
find_step(const struct hf_pathway *p, const char *id)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (strcmp(p->steps[i].id, id) == 0)
			return &p->steps[i];
	return NULL;
}

static const struct hf_pw_clock *
find_clock(const struct hf_pathway *p, const char *id)
{
	for (size_t i = 0; i < p->n_clocks; i++)
		if (strcmp(p->clocks[i].id, id) == 0)
			return &p->clocks[i];
	return NULL;
}

/* A set as names, so that two versions compare whatever their order. */
static void
names(char *out, size_t size, hf_pw_set set, const struct hf_pathway *p, bool roles)
{
	size_t n = 0, all = roles ? p->n_roles : p->n_states;
	const char *sorted[64];
	size_t count = 0;

	for (size_t i = 0; i < all; i++)
		if (set >> i & 1)
			sorted[count++] = roles ? p->roles[i] : p->states[i].id;
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && strcmp(sorted[k], sorted[k - 1]) < 0; k--) {
			const char *swap = sorted[k];

			sorted[k] = sorted[k - 1];
			sorted[k - 1] = swap;
		}
	out[0] = '\0';
	for (size_t i = 0; i < count && n + 70 < size; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s", i ? " " : "",
				      sorted[i]);
}

static const char *
target(const struct hf_pathway *p, const struct hf_pw_step *s)
{
	return s->to == HF_PW_RESUME ? "@resume" : p->states[s->to].id;
}

static void
join(char *out, size_t size, const char *const *list, size_t n)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && at + 70 < size; i++)
		at += (size_t)snprintf(out + at, size - at, "%s%s", i ? " " : "",
				       list[i]);
}

static void
changed(struct hf_buf *out, const char *kind, const char *id, const char *what,
	const char *from, const char *to)
{
	if (strcmp(from, to) != 0)
		hf_buf_printf(out, "~ %s %s: %s %s -> %s\n", kind, id, what,
			      *from ? from : "(none)", *to ? to : "(none)");
}

static void
diff_step(const struct hf_pathway *a, const struct hf_pw_step *x,
	  const struct hf_pathway *b, const struct hf_pw_step *y, struct hf_buf *out)
{
	char from[1200], to[1200];

	names(from, sizeof from, x->in, a, false);
	names(to, sizeof to, y->in, b, false);
	changed(out, "step", x->id, "in", from, to);
	names(from, sizeof from, x->by, a, true);
	names(to, sizeof to, y->by, b, true);
	changed(out, "step", x->id, "by", from, to);
	changed(out, "step", x->id, "on", a->events[x->event], b->events[y->event]);
	changed(out, "step", x->id, "when", x->when.text, y->when.text);
	changed(out, "step", x->id, "to", target(a, x), target(b, y));
	join(from, sizeof from, x->actions, x->n_actions);
	join(to, sizeof to, y->actions, y->n_actions);
	changed(out, "step", x->id, "do", from, to);
}

static void
diff_clock(const struct hf_pw_clock *x, const struct hf_pw_clock *y, struct hf_buf *out)
{
	char from[300], to[300];
	size_t n = x->n_limits > y->n_limits ? x->n_limits : y->n_limits;

	changed(out, "clock", x->id, "when", x->when.text, y->when.text);
	changed(out, "clock", x->id, "unless", x->unless.text, y->unless.text);
	for (size_t i = 0; i < n; i++) {
		const struct hf_pw_limit *p = i < x->n_limits ? &x->limits[i] : NULL;
		const struct hf_pw_limit *q = i < y->n_limits ? &y->limits[i] : NULL;

		snprintf(from, sizeof from, "%s %s%s%.200s", p ? p->text : "",
			 p ? hf_calendar_name(p->calendar) : "",
			 p && *p->when.text ? " when " : "", p ? p->when.text : "");
		snprintf(to, sizeof to, "%s %s%s%.200s", q ? q->text : "",
			 q ? hf_calendar_name(q->calendar) : "",
			 q && *q->when.text ? " when " : "", q ? q->when.text : "");
		changed(out, "clock", x->id, "limit", from, to);
	}
	join(from, sizeof from, x->on_breach, x->n_on_breach);
	join(to, sizeof to, y->on_breach, y->n_on_breach);
	changed(out, "clock", x->id, "onBreach", from, to);
	if (x->n_marks != y->n_marks)
		hf_buf_printf(out, "~ clock %s: marks %zu -> %zu\n", x->id, x->n_marks,
			      y->n_marks);
}

void
hf_pw_diff(const struct hf_pathway *a, const struct hf_pathway *b, struct hf_buf *out)
{
	for (size_t i = 0; i < a->n_states; i++)
		if (hf_pw_state(b, hf_sv_from(a->states[i].id)) < 0)
			line(out, "-", "state", a->states[i].id,
			     "instances in it have to be migrated");
	for (size_t i = 0; i < b->n_states; i++)
		if (hf_pw_state(a, hf_sv_from(b->states[i].id)) < 0)
			line(out, "+", "state", b->states[i].id, b->states[i].title);
	for (size_t i = 0; i < a->n_steps; i++) {
		const struct hf_pw_step *y = find_step(b, a->steps[i].id);

		if (y)
			diff_step(a, &a->steps[i], b, y, out);
		else
			line(out, "-", "step", a->steps[i].id, "");
	}
	for (size_t i = 0; i < b->n_steps; i++)
		if (!find_step(a, b->steps[i].id))
			line(out, "+", "step", b->steps[i].id, b->steps[i].when.text);
	for (size_t i = 0; i < a->n_clocks; i++) {
		const struct hf_pw_clock *y = find_clock(b, a->clocks[i].id);

		if (y)
			diff_clock(&a->clocks[i], y, out);
		else
			line(out, "-", "clock", a->clocks[i].id, a->clocks[i].title);
	}
	for (size_t i = 0; i < b->n_clocks; i++)
		if (!find_clock(a, b->clocks[i].id))
			line(out, "+", "clock", b->clocks[i].id, b->clocks[i].title);
	for (size_t i = 0; i < a->n_facts; i++)
		if (hf_pw_fact(b, hf_sv_from(a->facts[i].id)) < 0)
			line(out, "-", "fact", a->facts[i].id, a->facts[i].title);
	for (size_t i = 0; i < b->n_facts; i++)
		if (hf_pw_fact(a, hf_sv_from(b->facts[i].id)) < 0)
			line(out, "+", "fact", b->facts[i].id, b->facts[i].title);
}
