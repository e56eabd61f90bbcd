/* pathway_digest.c - what a definition decides, as one number. */
#include "pathway/pathway.h"

static uint64_t
add(uint64_t h, const char *text)
{
	/* The end counts too: "a" and "bc" are not "ab" and "c". */
	for (;; text++) {
		h = (h ^ (unsigned char)*text) * 1099511628211u;
		if (*text == '\0')
			return h;
	}
}

static uint64_t
add_number(uint64_t h, uint64_t n)
{
	for (int i = 0; i < 8; i++, n >>= 8)
		h = (h ^ (n & 255)) * 1099511628211u;
	return h;
}

static uint64_t
add_all(uint64_t h, const char **texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = add(h, texts[i]);
	return add_number(h, n);
}

static uint64_t
add_steps(uint64_t h, const struct hf_pathway *p)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct hf_pw_step *s = &p->steps[i];

		h = add(add(h, s->id), s->when.text);
		h = add_number(add_number(h, s->in), s->by);
		h = add_number(h, (uint64_t)s->event << 16 | (uint64_t)s->to << 8 |
				      (uint64_t)s->interrupts);
		h = add_all(h, s->actions, s->n_actions);
	}
	return h;
}

static uint64_t
add_clock(uint64_t h, const struct hf_pw_clock *c)
{
	h = add(add(add(h, c->id), c->when.text), c->unless.text);
	h = add_number(add_number(h, c->start.events), c->start.states);
	h = add_number(add_number(h, c->stop.events), c->stop.states);
	h = add_number(add_number(h, c->paused_in), c->again);
	for (size_t i = 0; i < HF_PW_EVENTS; i++)
		h = add_number(h, c->since[i]);
	for (size_t i = 0; i < c->n_limits; i++)
		h = add_number(add(add(h, c->limits[i].when.text), c->limits[i].text),
			       c->limits[i].calendar);
	for (size_t i = 0; i < c->n_marks; i++) {
		const struct hf_pw_mark *m = &c->marks[i];

		h = add_number(add(h, m->id), m->in);
		h = add_number(add_number(h, (uint64_t)m->after_ms),
			       (uint64_t)m->share);
		h = add_all(h, m->actions, m->n_actions);
	}
	return add_all(h, c->on_breach, c->n_on_breach);
}

uint64_t
hf_pw_digest(const struct hf_pathway *p)
{
	uint64_t h = 14695981039346656037u;

	h = add(add(h, p->id), p->version);
	for (size_t i = 0; i < p->n_states; i++)
		h = add_number(add(h, p->states[i].id), p->states[i].kind);
	for (size_t i = 0; i < p->n_events; i++)
		h = add(h, p->events[i]);
	for (size_t i = 0; i < p->n_roles; i++)
		h = add(h, p->roles[i]);
	for (size_t i = 0; i < p->n_facts; i++)
		h = add_number(add(h, p->facts[i].id), p->facts[i].kind);
	h = add_steps(h, p);
	for (size_t i = 0; i < p->n_clocks; i++)
		h = add_clock(h, &p->clocks[i]);
	return h;
}
