/* accrue.c - see accrue.h. */
#include "contract/accrue.h"

#include "contract/show.h"

/* What spells of a line, specialty and point of delivery that ended were worth. */
struct mean {
	hf_ct_code specialty;
	uint8_t pod;
	int64_t spells, nights;
	hf_pence value;
};

enum { SPECIALTIES = 128 };

struct means {
	struct mean of[SPECIALTIES], all[HF_CT_PODS];
	size_t n;
};

struct accruer {
	const struct hf_ct_terms *t;
	const struct hf_ct_activity *a;
	const struct hf_ct_priced *p;
	size_t n;
	struct means *means; /* by line */
	struct hf_ct_accruals *out;
};

hf_pence
hf_ct_accrual_moves(const struct hf_ct_accrual *a)
{
	return a->in_bed_pence + a->uncoded_pence + a->taken_back;
}

static int64_t
nights(const struct hf_ct_activity *a)
{
	int64_t n = (int64_t)a->day - a->admitted;

	return n < 1 ? 1 : n; /* a stay without a night counts as one */
}

/* The line that a spell is of though it is not priced: a stay that is open or not coded
 * has its point of delivery by how it was admitted. */
static uint8_t
line_of(const struct accruer *x, size_t i, uint8_t *pod)
{
	static const uint8_t by_kind[] = {
	    [HF_CT_MK_ELECTIVE] = HF_CT_POD_EL,
	    [HF_CT_MK_EMERGENCY] = HF_CT_POD_NE,
	    [HF_CT_MK_OTHER] = HF_CT_POD_NEL,
	};
	struct hf_ct_priced p = x->p[i];

	if (p.pod == HF_CT_POD_NONE)
		p.pod = by_kind[hf_ct_method_kind(x->a[i].method)];
	*pod = p.pod;
	return hf_ct_assign(x->t, &x->a[i], &p);
}

/* ---- means ---- */

static struct mean *
mean_of(struct means *m, hf_ct_code specialty, uint8_t pod)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->of[i].specialty == specialty && m->of[i].pod == pod)
			return &m->of[i];
	if (m->n == SPECIALTIES)
		return &m->all[pod];
	m->of[m->n] = (struct mean){.specialty = specialty, .pod = pod};
	return &m->of[m->n++];
}

static bool
add_mean(struct mean *m, const struct hf_ct_activity *a, hf_pence value)
{
	m->spells++;
	m->nights += nights(a);
	return hf_pence_add(&m->value, value);
}

/* Of spells that ended in a month. */
static bool
learn(struct accruer *x, int month)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct hf_ct_activity *a = &x->a[i];
		uint8_t line;
		struct mean *m, *all;

		if (a->kind != HF_CT_ACT_SPELL || x->p[i].problem != HF_CT_P_NONE ||
		    x->p[i].fy != x->t->fy || x->p[i].period != month + 1)
			continue;
		line = hf_ct_assign(x->t, a, &x->p[i]);
		if (line == HF_CT_NO_LINE)
			continue;
		m = mean_of(&x->means[line], a->specialty, x->p[i].pod);
		all = &x->means[line].all[x->p[i].pod];
		if ((m != all && !add_mean(m, a, x->p[i].value)) ||
		    !add_mean(all, a, x->p[i].value))
			return false;
	}
	return true;
}

/* ---- estimates ---- */

static bool
in_bed(struct accruer *x, size_t i, const struct mean *m, int64_t so_far,
       struct hf_ct_accrual *out)
{
	const struct hf_ct_activity *a = &x->a[i];
	hf_pence estimate, most, worth;

	if (!hf_pence_ratio(m->value, so_far, m->nights, HF_HALF_AWAY, &estimate) ||
	    !hf_pence_ratio(m->value, 1, m->spells, HF_HALF_AWAY, &most))
		return false;
	if (estimate > most)
		estimate = most;
	if (!hf_pence_add(&out->in_bed_pence, estimate))
		return false;
	out->in_bed++;
	out->nights += so_far;
	if (x->p[i].problem != HF_CT_P_NONE)
		return true; /* it lies there still, or is not coded */
	out->known++;
	return hf_pence_ratio(x->p[i].value, so_far, nights(a), HF_HALF_AWAY, &worth) &&
	       hf_pence_add(&out->known_estimate, estimate) &&
	       hf_pence_add(&out->known_worth, worth);
}

static bool
estimate(struct accruer *x, size_t i, int month, int64_t end)
{
	const struct hf_ct_activity *a = &x->a[i];
	bool open = a->flags & HF_CT_F_OPEN;
	bool lay = a->admitted <= end && (a->day > end || open);
	bool uncoded = !open && x->p[i].problem == HF_CT_P_UNCODED && a->day <= end &&
		       a->day >= x->t->from;
	struct hf_ct_accrual *out;
	const struct mean *m;
	hf_pence one;
	uint8_t line, pod;

	if (a->kind != HF_CT_ACT_SPELL || (!lay && !uncoded))
		return true;
	line = line_of(x, i, &pod);
	if (line == HF_CT_NO_LINE)
		return true;
	out = &x->out->lines[line][month];
	m = mean_of(&x->means[line], a->specialty, pod);
	if (m->spells == 0)
		m = &x->means[line].all[pod];
	if (m->spells == 0) {
		out->without_mean++;
		return true;
	}
	if (lay)
		return in_bed(x, i, m, end - a->admitted + 1, out);
	out->uncoded++;
	return hf_pence_ratio(m->value, 1, m->spells, HF_HALF_AWAY, &one) &&
	       hf_pence_add(&out->uncoded_pence, one);
}

static bool
add_to(struct hf_ct_accrual *sum, const struct hf_ct_accrual *a)
{
	sum->in_bed += a->in_bed;
	sum->nights += a->nights;
	sum->uncoded += a->uncoded;
	sum->known += a->known;
	sum->without_mean += a->without_mean;
	return hf_pence_add(&sum->in_bed_pence, a->in_bed_pence) &&
	       hf_pence_add(&sum->uncoded_pence, a->uncoded_pence) &&
	       hf_pence_add(&sum->taken_back, a->taken_back) &&
	       hf_pence_add(&sum->known_estimate, a->known_estimate) &&
	       hf_pence_add(&sum->known_worth, a->known_worth);
}

static bool
one_month(struct accruer *x, int month)
{
	int64_t end = hf_period_first(x->t->fy, month + 2) - 1;

	if (!learn(x, month))
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!estimate(x, i, month, end))
			return false;
	for (size_t l = 0; l < x->t->n_lines; l++) {
		struct hf_ct_accrual *a = x->out->lines[l];

		if (month)
			a[month].taken_back =
			    -(a[month - 1].in_bed_pence + a[month - 1].uncoded_pence);
		if (!add_to(&x->out->total[month], &a[month]))
			return false;
	}
	return true;
}

enum hf_rc
hf_ct_accrue(const struct hf_ct_terms *t, const struct hf_ct_activity *a,
	     const struct hf_ct_priced *p, size_t n, int months, struct hf_arena *arena,
	     struct hf_ct_accruals *out, struct hf_err *err)
{
	struct accruer x = {.t = t, .a = a, .p = p, .n = n, .out = out};

	memset(out, 0, sizeof *out);
	x.means = hf_arena_array(arena, t->n_lines, sizeof *x.means);
	if (!x.means)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the accruals");
	out->months = months;
	for (int m = 0; m < months; m++)
		if (!one_month(&x, m))
			return hf_fail(err, HF_TOO_LONG, t->id,
				       "the money of an accrual does not fit");
	return HF_OK;
}

/* ---- as JSON ---- */

static bool
is_nothing(const struct hf_ct_accrual *a)
{
	return a->in_bed == 0 && a->uncoded == 0 && a->taken_back == 0 &&
	       a->without_mean == 0;
}

static void
write_one(const struct hf_ct_accrual *a, struct hf_jw *w)
{
	hf_ct_int(w, "inBed", a->in_bed);
	hf_ct_int(w, "nights", a->nights);
	hf_ct_int(w, "inBedPence", a->in_bed_pence);
	hf_ct_int(w, "uncoded", a->uncoded);
	hf_ct_int(w, "uncodedPence", a->uncoded_pence);
	hf_ct_int(w, "takenBack", a->taken_back);
	hf_ct_int(w, "moves", hf_ct_accrual_moves(a));
	hf_ct_int(w, "known", a->known);
	hf_ct_int(w, "estimate", a->known_estimate);
	hf_ct_int(w, "worth", a->known_worth);
	hf_ct_int(w, "error", a->known_estimate - a->known_worth);
	hf_ct_int(w, "withoutMean", a->without_mean);
}

static void
write_month(const struct hf_ct_terms *t, const struct hf_ct_accruals *a, int m,
	    struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_ct_int(w, "month", m + 1);
	hf_jw_member(w, "total");
	hf_jw_obj(w);
	write_one(&a->total[m], w);
	hf_jw_obj_end(w);
	hf_jw_member(w, "lines");
	hf_jw_arr(w);
	for (size_t l = 0; l < t->n_lines; l++) {
		if (is_nothing(&a->lines[l][m]))
			continue;
		hf_jw_obj(w);
		hf_ct_text(w, "line", t->lines[l].id);
		hf_ct_text(w, "title", t->lines[l].title);
		write_one(&a->lines[l][m], w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_ct_accruals_write(const struct hf_ct_terms *t, const struct hf_ct_accruals *a,
		     struct hf_jw *w)
{
	hf_jw_member(w, "months");
	hf_jw_arr(w);
	for (int m = 0; m < a->months; m++)
		write_month(t, a, m, w);
	hf_jw_arr_end(w);
}
