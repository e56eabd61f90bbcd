/* record_end.c - the rows of the record, put in order: the same record read again gives
 * the same bytes. */
#include <stdlib.h>

#include "population/record_int.h"

static struct hf_sv
last_part(struct hf_sv reference)
{
	size_t at = reference.n;

	while (at && reference.p[at - 1] != '/')
		at--;
	return hf_sv_from_at(reference, at);
}

static uint16_t
icd_of(const struct hf_record_rows *r, struct hf_sv reference)
{
	struct hf_sv id = last_part(reference);

	for (const struct hf_record_condition *c = r->conditions; c; c = c->next)
		if (hf_sv_eq(c->id, id))
			return c->icd10;
	return 0;
}

/* Whoever was admitted out of an attendance was admitted. */
static void
admitted(struct hf_record_rows *r, const struct hf_record_event *stay)
{
	struct hf_sv id = last_part(stay->part_of);

	for (struct hf_record_event *e = r->events; e && id.n; e = e->next)
		if (e->e.setting == HF_POP_AE && hf_sv_eq(e->id, id))
			e->e.outcome = HF_POP_O_ADMITTED;
}

#define LESS(x, y, field)                                                              \
	if ((x)->field != (y)->field)                                                  \
	return (x)->field < (y)->field ? -1 : 1

static int
by_time(const void *pa, const void *pb)
{
	const struct hf_record_event *a = *(struct hf_record_event *const *)pa;
	const struct hf_record_event *b = *(struct hf_record_event *const *)pb;

	LESS(a, b, e.day);
	LESS(a, b, e.minute);
	LESS(a, b, e.setting);
	LESS(a, b, e.proc);
	return hf_sv_cmp(a->id, b->id);
}

static int
by_code(const void *pa, const void *pb)
{
	const struct hf_pop_condition *a = pa, *b = pb;

	LESS(a, b, code);
	LESS(a, b, from);
	LESS(a, b, to);
	return 0;
}

static int
by_value(const void *pa, const void *pb)
{
	const struct hf_pop_value *a = pa, *b = pb;

	LESS(a, b, code);
	LESS(a, b, day);
	LESS(a, b, milli);
	return 0;
}

static bool
put_events(struct hf_record_rows *r)
{
	struct hf_record_event **list =
	    hf_arena_array(r->arena, r->n_events + 1, sizeof(struct hf_record_event *));
	struct hf_pop_own *own = &r->own;
	size_t n = 0;

	own->event = hf_arena_array(r->arena, r->n_events + 1, sizeof *own->event);
	own->dx_pool = hf_arena_array(r->arena, r->n_events * (HF_RECORD_DX + 1) + 1,
				      sizeof *own->dx_pool);
	if (!list || !own->event || !own->dx_pool)
		return false;
	for (struct hf_record_event *e = r->events; e; e = e->next) {
		admitted(r, e);
		list[n++] = e;
	}
	qsort(list, n, sizeof(struct hf_record_event *), by_time);
	own->n_dx_pool = 1;
	for (size_t i = 0; i < n; i++) {
		struct hf_pop_event *e = &own->event[i];
		size_t at = own->n_dx_pool;
		uint16_t more = 0;

		*e = list[i]->e;
		for (size_t k = 0; k < list[i]->n_dx; k++) {
			uint16_t icd = icd_of(r, list[i]->dx[k]);

			if (icd && !e->dx)
				e->dx = icd;
			else if (icd)
				own->dx_pool[at + ++more] = icd;
		}
		if (more) {
			e->dx_more = (uint32_t)at;
			own->dx_pool[at] = more;
			own->n_dx_pool += more + 1u;
		}
	}
	own->n_event = n;
	return true;
}

static bool
put_rest(struct hf_record_rows *r)
{
	struct hf_pop_own *own = &r->own;

	own->cond = hf_arena_array(r->arena, r->n_conds + 1, sizeof *own->cond);
	own->value = hf_arena_array(r->arena, r->n_values + 1, sizeof *own->value);
	if (!own->cond || !own->value)
		return false;
	for (struct hf_record_cond *c = r->conds; c; c = c->next)
		own->cond[own->n_cond++] = c->c;
	for (struct hf_record_value *v = r->values; v; v = v->next)
		own->value[own->n_value++] = v->v;
	qsort(own->cond, own->n_cond, sizeof *own->cond, by_code);
	qsort(own->value, own->n_value, sizeof *own->value, by_value);
	return true;
}

enum hf_rc
hf_record_rows_end(struct hf_record_rows *r, bool objects, struct hf_pop_own *out,
		   struct hf_err *err)
{
	if (r->full || !put_events(r) || !put_rest(r))
		return hf_fail(err, HF_TOO_LONG, NULL, "the record is too large");
	if (objects || r->type1)
		r->own.person.flags |= HF_POP_P_OBJECTS;
	if (!r->has_nhs)
		r->own.person.flags |= HF_POP_P_UNTRACED;
	*out = r->own;
	return HF_OK;
}
