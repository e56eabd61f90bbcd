/* setting_rows.c - see setting_rows.h. */
#include "population/setting_rows.h"

#include <stdlib.h>
#include <string.h>

void
hf_pop_setting_count(const struct hf_pop_columns *c, uint64_t count[HF_POP_SETTINGS])
{
	uint64_t of[UINT8_MAX + 1] = {0};

	for (uint64_t i = 0; i < c->n_events; i++)
		of[c->ev.setting[i]]++;
	memcpy(count, of, HF_POP_SETTINGS * sizeof(*count));
}

static void
draw(const struct hf_pop_columns *c, enum hf_pop_setting setting,
     struct hf_pop_setting_rows *r)
{
	uint32_t row = 0;

	for (uint32_t p = 0; p < c->n_persons; p++) {
		if (p % HF_POP_BLOCK == 0)
			r->first[p / HF_POP_BLOCK] = row;
		for (uint64_t e = c->ev_first[p]; e < c->ev_first[p + 1]; e++) {
			/* Without a branch: the row is written over when it is of
			 * another setting, and there is room for one more. */
			r->person[row] = (uint16_t)(p % HF_POP_BLOCK);
			r->day[row] = c->ev.day[e];
			r->cost[row] = c->ev.cost[e];
			row += c->ev.setting[e] == setting;
		}
	}
	r->first[(c->n_persons + HF_POP_BLOCK - 1) / HF_POP_BLOCK] = row;
}

enum hf_rc
hf_pop_setting_rows_make(const struct hf_pop_columns *c, enum hf_pop_setting setting,
			 uint64_t n, struct hf_pop_setting_rows *out,
			 struct hf_err *err)
{
	size_t blocks = (c->n_persons + HF_POP_BLOCK - 1) / HF_POP_BLOCK;
	struct hf_pop_setting_rows r = {.n = n};

	if (n < UINT32_MAX) {
		r.first = calloc(blocks + 1, sizeof(*r.first));
		r.person = calloc(n + 1, sizeof(*r.person));
		r.day = calloc(n + 1, sizeof(*r.day));
		r.cost = calloc(n + 1, sizeof(*r.cost));
	}
	if (!r.first || !r.person || !r.day || !r.cost) {
		hf_pop_setting_rows_free(&r);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	draw(c, setting, &r);
	*out = r;
	return HF_OK;
}

void
hf_pop_setting_rows_free(struct hf_pop_setting_rows *r)
{
	free(r->first);
	free(r->person);
	free(r->day);
	free(r->cost);
	*r = (struct hf_pop_setting_rows){0};
}
