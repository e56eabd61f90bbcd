/* framework_extra.c - partnerships and segments for a question. */
#include "population/io/framework_extra.h"

#include <stdlib.h>

#include "place/io/directory.h"
#include "population/io/reckon.h"
#include "population/io/ref_kept.h"

enum { ARENA = 64 << 20, PARTNERSHIPS = 256 };

struct hf_pop_extra {
	struct hf_arena arena;
	struct hf_pop_defs defs;
	bool has_defs;
	struct hf_pop_need *need;
	uint16_t *group, *partnership;
	struct hf_sv id[PARTNERSHIPS], name[PARTNERSHIPS];
	size_t n;
};

void
hf_pop_extra_free(struct hf_pop_extra *x)
{
	if (!x)
		return;
	hf_pop_need_free(x->need);
	if (x->has_defs)
		hf_pop_defs_free(&x->defs);
	free(x->group);
	free(x->partnership);
	hf_arena_free(&x->arena);
	free(x);
}

static uint16_t
add_name(struct hf_pop_extra *x, struct hf_sv id, struct hf_sv name)
{
	for (size_t i = 1; i < x->n; i++)
		if (hf_sv_eq(x->id[i], id))
			return (uint16_t)i;
	if (id.n == 0 || x->n == PARTNERSHIPS)
		return 0;
	x->id[x->n] = id;
	x->name[x->n] = name.n ? name : id;
	return (uint16_t)x->n++;
}

static enum hf_rc
set_partnerships(struct hf_pop_extra *x, struct hf_reader *reader,
		 const struct hf_pop_columns *c, struct hf_err *err)
{
	struct hf_geography *g;
	const struct hf_locality *l;
	size_t n;
	enum hf_rc rc;

	if (!reader)
		return hf_fail(err, HF_INVALID, "by",
			       "partnerships are of the directory: none is read here");
	rc = hf_geography_read(reader, &x->arena, &g, err);
	if (rc)
		return rc;
	x->partnership =
	    calloc(c->locality.n ? c->locality.n : 1, sizeof *x->partnership);
	if (!x->partnership)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for partnerships");
	l = hf_geography_localities(g, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 1; k < c->locality.n; k++) {
			struct hf_belongs b;

			if (!hf_sv_eq(c->locality_id[k], l[i].id))
				continue;
			b = hf_geography_of(g, l[i].id, (struct hf_sv){0}, 0);
			x->partnership[k] =
			    add_name(x, l[i].partnership, b.partnership_name);
		}
	return HF_OK;
}

static enum hf_rc
set_segments(struct hf_pop_extra *x, const struct hf_pop_columns *c, uint16_t day,
	     struct hf_err *err)
{
	const struct hf_pop_scheme *scheme;
	enum hf_rc rc = hf_pop_defs_load(&x->defs, err);

	if (rc)
		return rc;
	x->has_defs = true;
	rc = hf_pop_need_reckon(&x->defs, c, day, 0, &x->need, err);
	if (rc)
		return rc;
	scheme = &x->defs.schemes[0];
	x->group = calloc(c->n_persons + 1, sizeof *x->group);
	if (!x->group)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for segments");
	for (size_t i = 0; i < scheme->n; i++)
		add_name(x, hf_sv_from(scheme->segments[i].id),
			 hf_sv_from(scheme->segments[i].title));
	for (uint32_t i = 0; i < c->n_persons; i++)
		x->group[i] = (uint16_t)(x->need->segment[0][i] < scheme->n
					     ? x->need->segment[0][i] + 1
					     : 0);
	return HF_OK;
}

static enum hf_rc
set_places(struct hf_pop_extra *x, struct hf_reader *reader,
	   struct hf_pop_count_ask *ask, struct hf_err *err)
{
	struct hf_pop_places *places;
	enum hf_rc rc =
	    hf_ref_capacity(reader, &x->arena, &places, &ask->n_places, err);

	if (rc == HF_OK)
		ask->places = places;
	return rc;
}

enum hf_rc
hf_pop_extra_make(struct hf_reader *reader, const struct hf_pop_columns *c,
		  struct hf_pop_report_ask *ask, struct hf_pop_extra **out,
		  struct hf_err *err)
{
	struct hf_pop_extra *x;
	struct hf_pop_names names;
	uint16_t last;
	enum hf_rc rc = HF_OK;

	*out = NULL;
	if (!reader && ask->ask.by != HF_POP_BY_PARTNERSHIP &&
	    ask->ask.by != HF_POP_BY_GROUP)
		return HF_OK;
	x = calloc(1, sizeof *x);
	if (!x)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the question");
	x->n = 1; /* 0: not known */
	hf_arena_init(&x->arena, ARENA);
	last = ask->ask.to ? (uint16_t)(ask->ask.to - 1) : 0;
	if (ask->ask.by == HF_POP_BY_GROUP)
		rc = set_segments(x, c, last < c->day_last ? last : c->day_last, err);
	else if (ask->ask.by == HF_POP_BY_PARTNERSHIP)
		rc = set_partnerships(x, reader, c, err);
	if (rc == HF_OK && reader)
		rc = set_places(x, reader, &ask->ask, err);
	if (rc) {
		hf_pop_extra_free(x);
		return rc;
	}
	names = (struct hf_pop_names){x->id, x->name, x->n};
	ask->ask.group = x->group;
	ask->ask.partnership = x->partnership;
	ask->ask.groups = ask->ask.partnerships = names;
	*out = x;
	return HF_OK;
}
