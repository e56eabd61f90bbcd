/* kernel.c - built with -O3, and twice: for any x86-64 and for those of v3, chosen when
 * the program starts (measurements.md section 7).  Persons are taken in blocks whose
 * bytes stay in the first cache; counts go to four tables in turn, so that equal
 * neighbours do not wait for each other. */
#include "population/kernel.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                 \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define HOT __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define HOT
#endif

enum { BLOCK = HF_POP_BLOCK, LANES = 4, STRETCH = 256 };

/* Ranges of values that pass: few in nearly every question, and a range is one
 * comparison of many bytes at once. */
struct ranges {
	uint8_t lo[HF_POP_DIM_VALUES / 2], span[HF_POP_DIM_VALUES / 2];
	size_t n;
};

static void
ranges_of(const uint8_t *pass, struct ranges *r)
{
	r->n = 0;
	for (unsigned v = 0; v < HF_POP_DIM_VALUES; v++) {
		unsigned from = v;

		if (!pass[v])
			continue;
		while (v + 1 < HF_POP_DIM_VALUES && pass[v + 1])
			v++;
		r->lo[r->n] = (uint8_t)from;
		r->span[r->n++] = (uint8_t)(v - from);
	}
}

/* fail[i] gets bit where col[i] is in no range. */
HOT static void
fail_outside(const uint8_t *col, const struct ranges *r, uint16_t bit, uint16_t *fail,
	     size_t n)
{
	uint8_t hit[BLOCK];

	memset(hit, 0, n);
	for (size_t k = 0; k < r->n; k++) {
		uint8_t lo = r->lo[k], span = r->span[k];

		for (size_t i = 0; i < n; i++)
			hit[i] |= (uint8_t)((uint8_t)(col[i] - lo) <= span);
	}
	for (size_t i = 0; i < n; i++)
		fail[i] = (uint16_t)(fail[i] | (hit[i] ? 0 : bit));
}

HOT static void
weigh(const uint8_t *weight, const uint16_t *fail, uint16_t but, uint8_t *w, size_t n)
{
	uint16_t mask = (uint16_t)~but;

	/* Without a branch, so that many are done at once. */
	for (size_t i = 0; i < n; i++) {
		uint8_t in = weight[i], out = (fail[i] & mask) != 0;

		w[i] = (uint8_t)(in & (uint8_t)(out - 1));
	}
}

HOT static void
count(const uint8_t *col, const uint8_t *w, size_t n,
      uint32_t (*lane)[HF_POP_DIM_VALUES])
{
	size_t i = 0;

	for (; i + LANES <= n; i += LANES) {
		lane[0][col[i]] += w[i];
		lane[1][col[i + 1]] += w[i + 1];
		lane[2][col[i + 2]] += w[i + 2];
		lane[3][col[i + 3]] += w[i + 3];
	}
	for (; i < n; i++)
		lane[0][col[i]] += w[i];
}

static void
fail_block(const struct hf_pop_dims *d, const struct hf_pop_filters *f,
	   const struct ranges *r, uint32_t at, size_t n, uint16_t *fail)
{
	memset(fail, 0, n * sizeof(*fail));
	for (size_t k = 0; k < HF_POP_DIMS; k++)
		if (f->on >> k & 1)
			fail_outside(d->of[k] + at, &r[k], (uint16_t)(1u << k), fail,
				     n);
}

static void
all_ranges(const struct hf_pop_filters *f, struct ranges *r)
{
	for (size_t k = 0; k < HF_POP_DIMS; k++)
		if (f->on >> k & 1)
			ranges_of(f->pass[k], &r[k]);
}

/* Where in the table each of a block stands. */
HOT static void
cells(const struct hf_pop_dims *d, const enum hf_pop_dim *by, size_t n_by, uint32_t at,
      size_t n, uint32_t *where)
{
	memset(where, 0, n * sizeof(*where));
	for (size_t b = 0; b < n_by; b++) {
		const uint8_t *col = d->of[by[b]] + at;
		uint32_t values = (uint32_t)d->values[by[b]];

		for (size_t i = 0; i < n; i++)
			where[i] = where[i] * values + col[i];
	}
}

void
hf_pop_k_group(const struct hf_pop_dims *d, const uint8_t *weight,
	       const struct hf_pop_filters *f, const enum hf_pop_dim *by, size_t n_by,
	       uint32_t from, uint32_t to, uint32_t *cell)
{
	struct ranges r[HF_POP_DIMS];
	uint16_t fail[BLOCK];
	uint32_t where[BLOCK];
	uint8_t w[BLOCK];

	all_ranges(f, r);
	for (uint32_t at = from; at < to; at += BLOCK) {
		size_t n = to - at < BLOCK ? to - at : BLOCK;

		fail_block(d, f, r, at, n, fail);
		weigh(weight + at, fail, 0, w, n);
		cells(d, by, n_by, at, n, where);
		for (size_t i = 0; i < n; i++)
			cell[where[i]] += w[i];
	}
}

void
hf_pop_k_histograms(const struct hf_pop_dims *d, const uint8_t *weight,
		    const struct hf_pop_filters *f, uint32_t from, uint32_t to,
		    uint32_t (*hist)[HF_POP_DIM_VALUES])
{
	uint32_t lane[HF_POP_DIMS][LANES][HF_POP_DIM_VALUES] = {0};
	struct ranges r[HF_POP_DIMS];
	uint16_t fail[BLOCK];
	uint8_t all[BLOCK], w[BLOCK];

	all_ranges(f, r);
	for (uint32_t at = from; at < to; at += BLOCK) {
		size_t n = to - at < BLOCK ? to - at : BLOCK;

		fail_block(d, f, r, at, n, fail);
		weigh(weight + at, fail, 0, all, n);
		for (size_t k = 0; k < HF_POP_DIMS; k++) {
			bool own = f->on >> k & 1;

			if (own)
				weigh(weight + at, fail, (uint16_t)(1u << k), w, n);
			count(d->of[k] + at, own ? w : all, n, lane[k]);
		}
	}
	for (size_t k = 0; k < HF_POP_DIMS; k++)
		for (size_t l = 0; l < LANES; l++)
			for (size_t v = 0; v < HF_POP_DIM_VALUES; v++)
				hist[k][v] += lane[k][l][v];
}

HOT static void
events_of(const struct hf_pop_k_events *q, uint64_t from, uint64_t to, uint8_t weight,
	  uint64_t *n, int64_t *cost)
{
	const uint8_t *setting = q->c->ev.setting;
	const uint16_t *day = q->c->ev.day;
	const int32_t *pence = q->c->ev.cost;
	uint16_t span = (uint16_t)(q->day_to - q->day_from);

	/* First which, without a branch; then those, few in most questions. */
	while (from < to) {
		uint64_t size = to - from < STRETCH ? to - from : STRETCH;
		uint64_t hit[STRETCH];
		size_t hits = 0;

		for (uint64_t i = from; i < from + size; i++) {
			hit[hits] = i;
			hits += (q->settings >> setting[i] & 1u) &
				((uint16_t)(day[i] - q->day_from) < span);
		}
		for (size_t k = 0; k < hits; k++) {
			uint16_t month = q->month[day[hit[k]] - q->day_from];

			n[month] += weight;
			cost[month] += (int64_t)pence[hit[k]] * weight;
		}
		from += size;
	}
}

void
hf_pop_k_events(const struct hf_pop_k_events *q, uint32_t from, uint32_t to,
		uint64_t *n, int64_t *cost)
{
	struct ranges r[HF_POP_DIMS];
	uint16_t fail[BLOCK];
	uint8_t w[BLOCK];

	all_ranges(q->f, r);
	for (uint32_t at = from; at < to; at += BLOCK) {
		size_t size = to - at < BLOCK ? to - at : BLOCK;

		fail_block(q->d, q->f, r, at, size, fail);
		weigh(q->weight + at, fail, 0, w, size);
		for (size_t i = 0; i < size; i++) {
			uint32_t p = at + (uint32_t)i;
			size_t row =
			    q->by == HF_POP_DIMS ? 0 : q->d->of[q->by][p] * q->months;

			if (w[i])
				events_of(q, q->c->ev_first[p], q->c->ev_first[p + 1],
					  w[i], n + row, cost + row);
		}
	}
}

/* row: by person of the block, where the person's months begin. */
HOT static void
rows_of(const struct hf_pop_k_events *q, const struct hf_pop_setting_rows *r,
	uint32_t block, const uint8_t *w, const uint32_t *row, uint64_t *n,
	int64_t *cost)
{
	uint16_t span = (uint16_t)(q->day_to - q->day_from);

	for (uint32_t i = r->first[block]; i < r->first[block + 1]; i++) {
		uint16_t since = (uint16_t)(r->day[i] - q->day_from);
		uint32_t in = since < span, weight = in * w[r->person[i]];
		size_t at = row[r->person[i]] + q->month[in ? since : 0];

		n[at] += weight;
		cost[at] += (int64_t)r->cost[i] * weight;
	}
}

void
hf_pop_k_rows(const struct hf_pop_k_events *q, const struct hf_pop_setting_rows *rows,
	      uint32_t from, uint32_t to, uint64_t *n, int64_t *cost)
{
	struct ranges r[HF_POP_DIMS];
	uint32_t row[BLOCK] = {0};
	uint16_t fail[BLOCK];
	uint8_t w[BLOCK];

	all_ranges(q->f, r);
	for (uint32_t at = from, next; at < to; at = next) {
		uint32_t first = at / BLOCK * BLOCK, size;

		/* A share may begin and end within a block: who is not of it weighs 0.
		 */
		next = to - first < BLOCK ? to : first + BLOCK;
		size = next - at;
		memset(w, 0, sizeof(w));
		fail_block(q->d, q->f, r, at, size, fail);
		weigh(q->weight + at, fail, 0, w + (at - first), size);
		for (uint32_t i = at; q->by != HF_POP_DIMS && i < next; i++)
			row[i - first] = (uint32_t)(q->d->of[q->by][i] * q->months);
		rows_of(q, rows, first / BLOCK, w, row, n, cost);
	}
}
