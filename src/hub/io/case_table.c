/* case_table.c - open instances in memory, by the ids of their Tasks. */
#include "hub/io/case_int.h"

#include "base/io/log.h"

static bool
rechain(struct hf_caseload *cl)
{
	size_t n = cl->n_chains ? cl->n_chains * 2 : 1024;
	uint32_t *chains = calloc(n, sizeof *chains);

	if (!chains)
		return false;
	for (size_t i = 0; i < cl->n_slots; i++) {
		struct case_slot *s = &cl->slots[i];

		if (!s->used)
			continue;
		s->after = chains[s->hash & (n - 1)];
		chains[s->hash & (n - 1)] = (uint32_t)i + 1;
	}
	free(cl->chains);
	cl->chains = chains;
	cl->n_chains = n;
	return true;
}

struct case_slot *
hf_case_slot(struct hf_caseload *cl, struct hf_sv id)
{
	uint64_t hash = hf_hub_hash(id);
	uint32_t at = cl->n_chains ? cl->chains[hash & (cl->n_chains - 1)] : 0;

	while (at) {
		struct case_slot *s = &cl->slots[at - 1];

		if (s->hash == hash && hf_sv_eq(s->row.id, id))
			return s;
		at = s->after;
	}
	return NULL;
}

static struct case_slot *
add_slot(struct hf_caseload *cl, struct hf_sv id)
{
	struct case_slot *s = NULL;
	size_t at = 0;

	if (cl->n_used >= cl->n_chains && !rechain(cl))
		return NULL;
	if (cl->n_used < cl->n_slots)
		while (cl->slots[at].used)
			at++;
	else if (cl->n_slots == cl->size_slots) {
		size_t size = cl->size_slots ? cl->size_slots * 2 : 128;
		struct case_slot *more = realloc(cl->slots, size * sizeof *more);

		if (!more)
			return NULL;
		memset(more + cl->size_slots, 0,
		       (size - cl->size_slots) * sizeof *more);
		cl->slots = more;
		cl->size_slots = size;
	}
	if (cl->n_used == cl->n_slots)
		at = cl->n_slots++;
	s = &cl->slots[at];
	s->arena.cap = 1 << 18;
	s->hash = hf_hub_hash(id);
	s->used = true;
	s->row = (struct hf_case_row){.id = id};
	s->after = cl->chains[s->hash & (cl->n_chains - 1)];
	cl->chains[s->hash & (cl->n_chains - 1)] = (uint32_t)at + 1;
	cl->n_used++;
	return s;
}

static void
let_go(struct hf_caseload *cl, struct case_slot *s)
{
	uint32_t self = (uint32_t)(s - cl->slots) + 1;
	uint32_t *at = &cl->chains[s->hash & (cl->n_chains - 1)];

	while (*at != self)
		at = &cl->slots[*at - 1].after;
	*at = s->after;
	hf_wheel_cancel(&cl->wheel, self - 1);
	hf_arena_reset(&s->arena);
	s->used = false;
	s->row = (struct hf_case_row){0};
	cl->n_used--;
}

static void
arm(struct hf_caseload *cl, struct case_slot *s)
{
	if (!hf_wheel_arm(&cl->wheel, (uint32_t)(s - cl->slots), s->row.wake))
		hf_log(HF_LOG_ERROR, "pathways",
		       "no memory for a clock: it is looked at again at the next "
		       "start");
	if (cl->running)
		pthread_cond_signal(&cl->wake);
}

/* Was it let go already, by news of a later version? */
static bool
is_gone(const struct hf_caseload *cl, const struct hf_case_row *row)
{
	uint64_t hash = hf_hub_hash(row->id);
	size_t n = cl->n_gone < HUB_ENDED ? cl->n_gone : HUB_ENDED;

	for (size_t i = 0; i < n; i++)
		if (cl->gone[i].hash == hash && cl->gone[i].version >= row->version)
			return true;
	return false;
}

void
hf_case_put(struct hf_caseload *cl, const struct hf_case_row *row)
{
	struct case_slot *s = hf_case_slot(cl, row->id);

	if (s && s->row.version >= row->version) {
		arm(cl, s); /* its clock may have been taken off to be looked at */
		return;
	}
	if (!s && is_gone(cl, row))
		return;
	if (!row->open) {
		cl->gone[cl->n_gone % HUB_ENDED].hash = hf_hub_hash(row->id);
		cl->gone[cl->n_gone++ % HUB_ENDED].version = row->version;
		if (s)
			let_go(cl, s);
		return;
	}
	if (s)
		hf_arena_reset(&s->arena);
	else
		s = add_slot(cl, row->id);
	if (!s || !hf_case_row_copy(row, &s->arena, &s->row)) {
		hf_log(HF_LOG_ERROR, "pathways",
		       "no memory for Task/%.*s: it is on the lists again after the "
		       "next start",
		       HF_SV_ARG(row->id));
		return;
	}
	arm(cl, s);
}

void
hf_caseload_rows(struct hf_caseload *cl,
		 bool (*put)(void *ctx, const struct hf_case_row *row), void *ctx)
{
	bool on = true;

	pthread_mutex_lock(&cl->lock);
	for (size_t i = 0; on && i < cl->n_slots; i++)
		if (cl->slots[i].used)
			on = put(ctx, &cl->slots[i].row);
	pthread_mutex_unlock(&cl->lock);
}

bool
hf_caseload_row(struct hf_caseload *cl, struct hf_sv id, struct hf_arena *arena,
		struct hf_case_row *out)
{
	const struct case_slot *s;
	bool found;

	pthread_mutex_lock(&cl->lock);
	s = hf_case_slot(cl, id);
	found = s && hf_case_row_copy(&s->row, arena, out);
	pthread_mutex_unlock(&cl->lock);
	return found;
}
