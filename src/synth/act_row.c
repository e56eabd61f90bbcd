/* act_row.c - the rows of a life. */
#include <stdlib.h>

#include "synth/act.h"

uint16_t
hf_act_pop_day(const struct making *m, int day)
{
	return (uint16_t)(m->a->first + day - HF_POP_DAY_ZERO);
}

static bool
room(void **p, size_t *max, size_t want, size_t size)
{
	size_t more = *max == 0 ? 64 : *max * 2;
	void *q;

	if (want <= *max)
		return true;
	more = more < want ? want : more;
	q = realloc(*p, more * size);
	if (!q)
		return false;
	*p = q;
	*max = more;
	return true;
}

struct hf_pop_event *
hf_act_event(struct making *m, enum hf_pop_setting s, int day, int minute)
{
	static _Thread_local struct hf_pop_event nowhere;
	struct hf_synth_life *l = m->life;
	struct hf_pop_event *e;

	if (!room((void **)&l->event, &l->max_event, l->n_event + 1, sizeof(*e))) {
		l->failed = true;
		return &nowhere;
	}
	e = &l->event[l->n_event++];
	*e = (struct hf_pop_event){
	    .setting = (uint8_t)s,
	    .day = hf_act_pop_day(m, day),
	    .minute = (uint16_t)minute,
	    .end_minute = HF_POP_NONE,
	    .wait = HF_POP_NONE,
	};
	return e;
}

void
hf_act_dx(struct making *m, struct hf_pop_event *e, const uint16_t *dx, size_t n)
{
	struct hf_synth_life *l = m->life;

	if (n == 0)
		return;
	if (n > HF_POP_DX_MOST - 1)
		n = HF_POP_DX_MOST - 1;
	/* At 0 stands nothing: an offset of 0 is "none". */
	if (!room((void **)&l->dx, &l->max_dx, l->n_dx + n + 2, sizeof(*l->dx))) {
		l->failed = true;
		return;
	}
	if (l->n_dx == 0)
		l->dx[l->n_dx++] = 0;
	e->dx_more = (uint32_t)l->n_dx;
	l->dx[l->n_dx++] = (uint16_t)n;
	for (size_t i = 0; i < n; i++)
		l->dx[l->n_dx++] = dx[i];
}

void
hf_act_value(struct making *m, uint16_t code, int day, int32_t milli)
{
	struct hf_synth_life *l = m->life;

	if (!room((void **)&l->value, &l->max_value, l->n_value + 1,
		  sizeof(*l->value))) {
		l->failed = true;
		return;
	}
	l->value[l->n_value++] =
	    (struct hf_pop_value){0, code, hf_act_pop_day(m, day), milli};
}

static uint32_t
when(const struct hf_pop_event *e)
{
	return (uint32_t)e->day << 16 | e->minute;
}

/* Stable, so that what is written first at a minute stands first. */
static void
merge(struct hf_pop_event *e, struct hf_pop_event *to, size_t n)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 12) {
		for (i = 1; i < n; i++) {
			struct hf_pop_event x = e[i];

			for (j = i; j > 0 && when(&e[j - 1]) > when(&x); j--)
				e[j] = e[j - 1];
			e[j] = x;
		}
		return;
	}
	merge(e, to, half);
	merge(e + half, to, n - half);
	memcpy(to, e, half * sizeof(*e));
	for (i = 0; i < half; k++) {
		if (j < n && when(&e[j]) < when(&to[i]))
			e[k] = e[j++];
		else
			e[k] = to[i++];
	}
}

void
hf_act_sort(struct making *m)
{
	struct hf_synth_life *l = m->life;
	size_t n = l->n_event;

	if (n < 2)
		return;
	/* The second half of the same array is the place to sort in. */
	if (!room((void **)&l->event, &l->max_event, n + n / 2 + 1,
		  sizeof(*l->event))) {
		l->failed = true;
		return;
	}
	merge(l->event, l->event + n, n);
}
