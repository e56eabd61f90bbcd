/* book_fund.c - what the ledger says of a pooled fund: its lines now, what was
 * received, and whether money may go from one line to another.
 * contract-and-governance.md 4. */
#include "contract/io/book_int.h"

/* April is 1; 0 outside the fund's year. */
static int
month_of(const struct hf_ct_pool *p, int64_t period)
{
	int month = (int)(period % 100), year = (int)(period / 100);

	if ((month >= 4 ? year : year - 1) != p->fy)
		return 0;
	return month >= 4 ? month - 3 : month + 9;
}

/* A correction is of the kind of what it takes back. */
static struct hf_sv
kind_of(const struct hf_ct_entry *e, size_t n, const struct hf_ct_entry *one)
{
	for (size_t hops = 0; hops < n && hf_sv_is(one->kind, "correction"); hops++) {
		const struct hf_ct_entry *was = NULL;

		for (size_t i = 0; i < n && !was; i++)
			if (e[i].id == one->reverses)
				was = &e[i];
		if (!was)
			break;
		one = was;
	}
	return one->kind;
}

static bool
leg_of(const struct hf_ct_entry *e, const char *party, hf_pence *out)
{
	for (size_t i = 0; i < e->n_legs; i++)
		if (hf_sv_eq(e->legs[i].party, hf_sv_from(party))) {
			*out = e->legs[i].pence;
			return true;
		}
	return false;
}

int
hf_ct_fund_months(const struct hf_ct_pool *p, const struct hf_ct_entry *e, size_t n)
{
	int done = 0;

	for (size_t i = 0; i < n; i++) {
		int at = month_of(p, e[i].period);

		if (at > done && e[i].reverses == 0)
			done = at;
	}
	return done;
}

bool
hf_ct_fund_line(const struct hf_ct_pool *p, const struct hf_ct_entry *e, size_t n,
		size_t line, struct hf_ct_pool_now *now, hf_pence *moved)
{
	const char *id = p->lines[line].id;
	int done = hf_ct_fund_months(p, e, n);
	bool good = true;

	*now = (struct hf_ct_pool_now){.budget = p->lines[line].budget};
	*moved = 0;
	for (size_t i = 0; i < n; i++) {
		struct hf_sv kind = kind_of(e, n, &e[i]);
		int at = month_of(p, e[i].period);
		hf_pence v;

		/* An accrual is taken back in the next month: not before that is there.
		 */
		if (at == 0 || at > done)
			continue;
		if (hf_sv_is(kind, "virement"))
			good &= !leg_of(&e[i], id, &v) || hf_pence_add(moved, v);
		else if (!hf_sv_eq(e[i].line, hf_sv_from(id)) ||
			 hf_sv_is(kind, "contribution") || !leg_of(&e[i], "fund", &v))
			continue;
		else /* the fund gives */
			good &= hf_pence_sub(hf_sv_is(kind, "accrual") ? &now->accrued
								       : &now->actual,
					     v);
	}
	return good && hf_pence_add(&now->budget, *moved) &&
	       hf_pence_ratio(now->budget, 12 - done, 12, HF_HALF_AWAY,
			      &now->remaining) &&
	       hf_ct_pool_share(p, line, now);
}

bool
hf_ct_fund_received(const struct hf_ct_entry *e, size_t n, const char *source,
		    hf_pence *out)
{
	bool good = true;

	*out = 0;
	for (size_t i = 0; i < n; i++) {
		hf_pence v;

		if (hf_sv_eq(e[i].line, hf_sv_from(source)) &&
		    hf_sv_is(kind_of(e, n, &e[i]), "contribution") &&
		    leg_of(&e[i], "fund", &v))
			good &= hf_pence_add(out, v);
	}
	return good;
}

/* What is left to the lines of a ring after what is put in for it alone. */
static hf_pence
spare_in_ring(const struct hf_ct_pool *p, const struct hf_ct_entry *e, size_t n,
	      const char *ring)
{
	struct hf_ct_pool_now now;
	hf_pence spare = 0, moved;

	for (size_t i = 0; i < p->n_lines; i++)
		if (strcmp(p->lines[i].ring, ring) == 0 &&
		    hf_ct_fund_line(p, e, n, i, &now, &moved))
			spare += now.budget;
	for (size_t i = 0; i < p->n_sources; i++)
		if (strcmp(p->sources[i].ring, ring) == 0)
			spare -= p->sources[i].pence;
	return spare;
}

enum hf_rc
hf_ct_fund_may_move(const struct hf_ct_pool *p, const struct hf_ct_entry *e, size_t n,
		    struct hf_sv from, struct hf_sv to, hf_pence pence,
		    struct hf_err *err)
{
	int a = hf_ct_pool_find(p, from), b = hf_ct_pool_find(p, to);
	struct hf_ct_pool_now now;
	hf_pence moved;

	if (a < 0 || b < 0 || a == b)
		return hf_fail(err, HF_INVALID, "toLine",
			       "a virement goes to another line of the fund");
	if (pence <= 0)
		return hf_fail(err, HF_INVALID, "pence",
			       "a virement moves more than nothing: the lines say "
			       "which way");
	if (!hf_ct_fund_line(p, e, n, (size_t)a, &now, &moved) || now.budget < pence)
		return hf_fail(err, HF_RULE, "pence",
			       "the line has less than that to give");
	if (*p->lines[a].ring && strcmp(p->lines[a].ring, p->lines[b].ring) != 0 &&
	    spare_in_ring(p, e, n, p->lines[a].ring) < pence)
		return hf_fail(err, HF_RULE, "toLine",
			       "the money is ring-fenced for \"%s\": it cannot go to a "
			       "line that is not",
			       p->lines[a].ring);
	return HF_OK;
}
