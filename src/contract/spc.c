/* spc.c - control charts of a contract's months.  See spc.h. */
#include "contract/spc.h"

#include <math.h>

/* One month of it. */
struct value {
	bool there;
	hf_pence plan, done;
};

static bool
by_earned(enum hf_ct_kind kind)
{
	return kind == HF_CT_GAIN || kind == HF_CT_OUTCOME;
}

static bool
came(const struct hf_ct_run *run, size_t first, size_t n, int month)
{
	for (size_t l = first; l < first + n; l++)
		if (run->facts->at[l][month].cut == HF_CT_NOTHING)
			return false;
	return true;
}

static bool
chart(const struct value v[HF_CT_MONTHS], int n, struct hf_ct_spc *out)
{
	const struct hf_ms_spc_ask ask = {.chart = HF_MS_XMR, .target = NAN};
	double x[HF_CT_MONTHS];
	bool any = false;

	*out = (struct hf_ct_spc){.percent = true, .n = n};
	for (int m = 0; m < n; m++)
		out->percent &= v[m].plan > 0;
	for (int m = 0; m < n; m++) {
		double done = (double)v[m].done;

		x[m] = !v[m].there    ? (double)NAN
		       : out->percent ? 100.0 * done / (double)v[m].plan
				      : done / 100.0;
		any |= v[m].there;
	}
	return any && hf_ms_spc(&ask, x, NULL, (size_t)n, out->at, &out->sum);
}

bool
hf_ct_spc_component(const struct hf_ct_run *run, size_t component, int month,
		    struct hf_ct_spc *out)
{
	const struct hf_ct_component *c = &run->terms->components[component];
	struct hf_ct_amounts before = {0};
	struct value v[HF_CT_MONTHS];

	/* A result counts from its month on, and a rule is reckoned from others. */
	if (c->kind == HF_CT_OUTCOME || c->kind == HF_CT_RULE)
		return false;
	for (int m = 0; m <= month; m++) {
		struct hf_ct_amounts a = run->components[component][m].sum;

		v[m] =
		    (struct value){came(run, c->first, c->n, m), a.plan - before.plan,
				   by_earned(c->kind) ? a.earned - before.earned
						      : a.shadow - before.shadow};
		before = a;
	}
	return chart(v, month + 1, out);
}

bool
hf_ct_spc_line(const struct hf_ct_run *run, size_t line, int month,
	       struct hf_ct_spc *out)
{
	enum hf_ct_kind kind =
	    run->terms->components[run->terms->lines[line].component].kind;
	struct value v[HF_CT_MONTHS];

	if (kind == HF_CT_OUTCOME || kind == HF_CT_RULE)
		return false;
	for (int m = 0; m <= month; m++) {
		struct hf_ct_amounts a = hf_ct_month(run->lines[line], m);

		v[m] = (struct value){came(run, line, 1, m), a.plan,
				      by_earned(kind) ? a.earned : a.shadow};
	}
	return chart(v, month + 1, out);
}

bool
hf_ct_spc_special(const struct hf_ct_spc *s)
{
	return s->sum.received >= HF_CT_SPC_LEAST && s->at[s->n - 1].rules != 0;
}

/* ---- writing ---- */

static void
number(struct hf_jw *w, const char *name, double x)
{
	char text[40];

	hf_jw_key(w, hf_sv_from(name));
	if (!isfinite(x)) {
		hf_jw_null(w);
		return;
	}
	snprintf(text, sizeof text, "%.2f", x == 0 ? 0 : x);
	hf_jw_raw(w, hf_sv_from(text));
}

static void
put_rules(struct hf_jw *w, uint8_t rules)
{
	hf_jw_member(w, "rules");
	hf_jw_arr(w);
	for (unsigned r = HF_MS_BEYOND; r <= HF_MS_SHIFT; r <<= 1)
		if (rules & r)
			hf_jw_str(w, hf_sv_from(hf_ms_rule_word((enum hf_ms_rule)r)));
	hf_jw_arr_end(w);
	if (rules)
		hf_jw_field(w, "label",
			    hf_sv_from(hf_ms_rule_word(hf_ms_spc_label(rules))));
}

static void
put_point(struct hf_jw *w, int month, const struct hf_ms_spc_point *p)
{
	hf_jw_obj(w);
	hf_jw_member(w, "month");
	hf_jw_int(w, month + 1);
	number(w, "value", p->value);
	number(w, "mean", p->mean);
	number(w, "low", p->low);
	number(w, "high", p->high);
	put_rules(w, p->rules);
	hf_jw_obj_end(w);
}

void
hf_ct_spc_write(const struct hf_ct_spc *s, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_jw_field(w, "unit", s->percent ? HF_SV("percent") : HF_SV("pounds"));
	hf_jw_member(w, "points");
	hf_jw_arr(w);
	for (int m = 0; m < s->n; m++)
		put_point(w, m, &s->at[m]);
	hf_jw_arr_end(w);
	hf_jw_field(w, "variation",
		    hf_sv_from(hf_ms_variation_words[s->sum.variation]));
	hf_jw_member(w, "trial");
	hf_jw_bool(w, s->sum.trial);
	hf_jw_member(w, "received");
	hf_jw_int(w, (int64_t)s->sum.received);
	hf_jw_member(w, "special");
	hf_jw_bool(w, hf_ct_spc_special(s));
	hf_jw_obj_end(w);
}
