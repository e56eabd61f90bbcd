/* disclose.c - see disclose.h. */
#include "population/disclose.h"

#include <stdlib.h>

#include "population/sortkey.h"

enum {
	ROUND = 5,
	RATE_LEAST = 10, /* denominator of a share, events of a rate or of money */
	COST_ROUND = 100000,
	GROUP_LEAST = 50
};

static int64_t
hidden_to(enum hf_pop_sdc sdc)
{
	return sdc == HF_POP_STRICT5 ? 4 : sdc == HF_POP_HES7 ? 7 : 0;
}

static int64_t
nearest(int64_t n, int64_t step)
{
	int64_t half = step / 2;

	return n < 0 ? -((-n + half) / step * step) : (n + half) / step * step;
}

struct hf_pop_shown
hf_pop_show(enum hf_pop_sdc sdc, int64_t n)
{
	if (sdc == HF_POP_TRUE)
		return (struct hf_pop_shown){.n = n};
	if (n > 0 && n <= hidden_to(sdc))
		return (struct hf_pop_shown){.hidden = true};
	return (struct hf_pop_shown){.n = nearest(n, ROUND)};
}

/* ---- tables ---- */

/* A row or column with its total at the end. */
struct line {
	const int64_t *n;
	struct hf_pop_shown *out;
	size_t count, step, out_step; /* cells; to the next of n, of out */
};

/* Exactly one hidden: hides the smallest other cell that is not 0, else the total.
 * True when it did. */
static bool
hide_second(const struct line *l)
{
	size_t hidden = 0, best = SIZE_MAX;
	struct hf_pop_shown *total = &l->out[l->count * l->out_step];

	for (size_t i = 0; i < l->count; i++) {
		if (l->out[i * l->out_step].hidden)
			hidden++;
		else if (l->n[i * l->step] > 0 &&
			 (best == SIZE_MAX || l->n[i * l->step] < l->n[best * l->step]))
			best = i;
	}
	if (hidden != 1 || total->hidden)
		return false;
	if (best == SIZE_MAX)
		*total = (struct hf_pop_shown){.hidden = true};
	else
		l->out[best * l->out_step] = (struct hf_pop_shown){.hidden = true};
	return true;
}

static void
show_totals(enum hf_pop_sdc sdc, const int64_t *cells, size_t rows, size_t cols,
	    struct hf_pop_shown *out)
{
	int64_t all = 0;

	for (size_t r = 0; r < rows; r++) {
		int64_t sum = 0;

		for (size_t c = 0; c < cols; c++)
			sum += cells[r * cols + c];
		out[r * (cols + 1) + cols] = hf_pop_show(sdc, sum);
		all += sum;
	}
	for (size_t c = 0; c < cols; c++) {
		int64_t sum = 0;

		for (size_t r = 0; r < rows; r++)
			sum += cells[r * cols + c];
		out[rows * (cols + 1) + c] = hf_pop_show(sdc, sum);
	}
	out[rows * (cols + 1) + cols] = hf_pop_show(sdc, all);
}

/* Totals of the rows are a column with a total, and those of the columns a row. */
static bool
hide_seconds(const int64_t *cells, size_t rows, size_t cols, const int64_t *row_sum,
	     const int64_t *col_sum, struct hf_pop_shown *out)
{
	bool any = false;

	for (size_t r = 0; cols > 1 && r < rows; r++)
		any |= hide_second(
		    &(struct line){cells + r * cols, out + r * (cols + 1), cols, 1, 1});
	for (size_t c = 0; rows > 1 && c < cols; c++)
		any |= hide_second(
		    &(struct line){cells + c, out + c, rows, cols, cols + 1});
	if (rows > 1)
		any |=
		    hide_second(&(struct line){row_sum, out + cols, rows, 1, cols + 1});
	if (cols > 1)
		any |= hide_second(
		    &(struct line){col_sum, out + rows * (cols + 1), cols, 1, 1});
	return any;
}

void
hf_pop_show_table(enum hf_pop_sdc sdc, const int64_t *cells, size_t rows, size_t cols,
		  struct hf_pop_shown *out)
{
	int64_t *sum = calloc(rows + cols + 1, sizeof(*sum));

	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < cols; c++) {
			out[r * (cols + 1) + c] = hf_pop_show(sdc, cells[r * cols + c]);
			if (sum) {
				sum[r] += cells[r * cols + c];
				sum[rows + c] += cells[r * cols + c];
			}
		}
	show_totals(sdc, cells, rows, cols, out);
	if (!sum) { /* what cannot be made safe is not shown */
		for (size_t i = 0; i < (rows + 1) * (cols + 1); i++)
			out[i] = (struct hf_pop_shown){.hidden = true};
		return;
	}
	while (sdc != HF_POP_TRUE &&
	       hide_seconds(cells, rows, cols, sum, sum + rows, out)) {
	}
	free(sum);
}

/* ---- shares and money ---- */

bool
hf_pop_show_percent(enum hf_pop_sdc sdc, int64_t numerator, int64_t denominator,
		    double *out)
{
	struct hf_pop_shown n = hf_pop_show(sdc, numerator);
	struct hf_pop_shown d = hf_pop_show(sdc, denominator);

	if (denominator <= 0 || n.hidden || d.hidden || d.n == 0 ||
	    (sdc != HF_POP_TRUE && denominator < RATE_LEAST))
		return false;
	*out = 100.0 * (double)n.n / (double)d.n;
	return true;
}

bool
hf_pop_show_rate(enum hf_pop_sdc sdc, int64_t events, double denominator, double *out)
{
	struct hf_pop_shown n = hf_pop_show(sdc, events);
	double d = sdc == HF_POP_TRUE
		       ? denominator
		       : (double)(nearest((int64_t)(denominator + 0.5), ROUND));

	if (n.hidden || !(d > 0) ||
	    (sdc != HF_POP_TRUE && (events < RATE_LEAST || denominator < RATE_LEAST)))
		return false;
	*out = (double)n.n / d;
	return true;
}

bool
hf_pop_show_cost(enum hf_pop_sdc sdc, int64_t events, int64_t pence, int64_t *out)
{
	if (sdc != HF_POP_TRUE && events != 0 && events < RATE_LEAST)
		return false;
	*out = sdc == HF_POP_TRUE ? pence : nearest(pence, COST_ROUND);
	return true;
}

/* ---- weights ---- */

static uint64_t
mixed(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* A pseudonym is an HMAC with a key that nobody has who sees figures. */
static uint64_t
secret_of(const struct hf_pop_person *p)
{
	uint64_t a, b;

	memcpy(&a, p->pid, sizeof(a));
	memcpy(&b, p->pid + sizeof(a), sizeof(b));
	return mixed(a + mixed(b));
}

/* How many places of its own a group has: so that two stand in one on average.  A power
 * of two, so that it seldom changes. */
static unsigned
place_bits(uint32_t n)
{
	unsigned bits = 0;

	while (bits < 31 && ((uint32_t)2 << bits) < n)
		bits++;
	return bits;
}

/* Two of one place: as they are, or one stands for the other. */
static void
pair(uint64_t a, uint64_t b, uint8_t *first, uint8_t *second)
{
	uint64_t coin = mixed(a ^ b);

	if (coin & 1)
		return;
	*first = coin & 2 ? 2 : 0;
	*second = coin & 2 ? 0 : 2;
}

/* Small groups are one. */
static size_t
group_of(const uint16_t *group, const uint32_t *size, uint32_t p)
{
	return size[group[p]] < GROUP_LEAST ? 0 : group[p];
}

enum hf_rc
hf_pop_weights(const struct hf_pop_person *persons, const uint16_t *group,
	       size_t groups, uint32_t n, uint8_t *out, struct hf_err *err)
{
	uint32_t *size = calloc(2 * groups + 2, sizeof(*size));
	uint32_t *size_now = size ? size + groups + 1 : NULL;
	struct hf_pop_key *key = malloc((2 * (size_t)n + 1) * sizeof(*key)), *at;

	if (!size || !key) {
		free(size);
		free(key);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	for (uint32_t p = 0; p < n; p++)
		size[group[p]]++;
	for (uint32_t p = 0; p < n; p++)
		size_now[group_of(group, size, p)]++;
	for (uint32_t p = 0; p < n; p++) {
		size_t g = group_of(group, size, p);
		unsigned bits = place_bits(size_now[g]);

		/* Group, then place; the lower bits order who shares one. */
		key[p] = (struct hf_pop_key){
		    (uint64_t)g << 48 |
			(secret_of(&persons[p]) >> (64 - 31)) >> (31 - bits) << 16 |
			(secret_of(&persons[p]) & 0xffff),
		    p};
		out[p] = 1;
	}
	at = hf_pop_sort_keys(key, key + n, n);
	for (uint32_t i = 0; i + 1 < n; i++)
		if (at[i].k >> 16 == at[i + 1].k >> 16) {
			pair(secret_of(&persons[at[i].row]),
			     secret_of(&persons[at[i + 1].row]), &out[at[i].row],
			     &out[at[i + 1].row]);
			i++;
		}
	free(size);
	free(key);
	return HF_OK;
}

enum hf_rc
hf_pop_weigh(const struct hf_pop_columns *c, uint8_t *out, struct hf_err *err)
{
	uint16_t *practice = calloc((size_t)c->n_persons + 1, sizeof *practice);
	enum hf_rc rc;

	if (!practice)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	for (uint32_t i = 0; i < c->n_persons; i++)
		practice[i] = hf_pop_practice_on(c, i, c->day_last);
	rc = hf_pop_weights(c->persons, practice, c->dict[HF_POP_PRACTICE].n + 1,
			    c->n_persons, out, err);
	free(practice);
	return rc;
}
