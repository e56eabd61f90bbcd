/* statement.c - canonical bytes of a quarterly statement, and whether they add up. */
#include "contract/statement.h"

#include "access/audit_chain.h"

char *
hf_ct_quarter_text(int fy, int quarter, char *buf, size_t size)
{
	snprintf(buf, size, "%d-Q%d", fy, quarter);
	return buf;
}

int64_t
hf_ct_quarter_end(int fy, int quarter)
{
	return hf_period_first(fy, quarter * 3 + 1) - 1;
}

bool
hf_ct_sha(struct hf_sv bytes, char out[HF_CT_SHA_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t raw[HF_HASH_SIZE];

	if (!hf_chain_sha256(bytes, HF_SV(""), raw))
		return false;
	for (size_t i = 0; i < sizeof raw; i++) {
		out[2 * i] = digits[raw[i] >> 4];
		out[2 * i + 1] = digits[raw[i] & 15];
	}
	out[2 * sizeof raw] = '\0';
	return true;
}

/* ---- writing ---- */

struct paper {
	const struct hf_ct_run *run;
	const struct hf_ct_statement_about *about;
	struct hf_jw w;
	int first, last; /* months of the quarter */
};

#define NUMBER(p, lit, v)  (hf_jw_member(&(p)->w, lit), hf_jw_int(&(p)->w, (v)))
#define TEXT(p, lit, cstr) hf_jw_field(&(p)->w, lit, hf_sv_from(cstr))

static void
put_day(struct paper *p, const char *name, int64_t day)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);
	char text[32];

	snprintf(text, sizeof text, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	hf_jw_kv(&p->w, hf_sv_from(name), hf_sv_from(text));
}

/* What a quarter is of a year to date. */
static struct hf_ct_amounts
of_quarter(const struct paper *p, const struct hf_ct_amounts *end,
	   const struct hf_ct_amounts *before)
{
	struct hf_ct_amounts two[HF_CT_MONTHS] = {{0}};

	if (p->first)
		two[0] = *before;
	two[1] = *end;
	return hf_ct_month(two, 1);
}

static void
put_amounts(struct paper *p, const struct hf_ct_amounts *a)
{
	NUMBER(p, "plan", a->plan);
	NUMBER(p, "account", a->account);
	NUMBER(p, "earned", a->earned);
	NUMBER(p, "shadow", a->shadow);
	NUMBER(p, "difference", a->earned - a->shadow);
	NUMBER(p, "trueUp", a->earned - a->account);
}

static const char *
cut_word(enum hf_ct_cut cut)
{
	return cut == HF_CT_FROZEN ? "freeze" : "flex";
}

static enum hf_ct_cut
worst_cut(const struct paper *p)
{
	enum hf_ct_cut worst = HF_CT_FROZEN;

	for (int m = p->first; m <= p->last; m++)
		if (p->run->cuts[m] < worst)
			worst = p->run->cuts[m];
	return worst;
}

static void
put_heading(struct paper *p)
{
	const struct hf_ct_terms *t = p->run->terms;
	const struct hf_ct_statement_about *a = p->about;
	char text[40];

	TEXT(p, "kind", "reconciliation statement 1");
	TEXT(p, "contract", t->id);
	TEXT(p, "contractVersion", t->version);
	TEXT(p, "title", t->title);
	hf_jw_field(&p->w, "termsSha256", a->terms_sha);
	TEXT(p, "commissioner", t->parties[HF_CT_COMMISSIONER].name);
	TEXT(p, "provider", t->parties[HF_CT_PROVIDER].name);
	TEXT(p, "quarter", hf_ct_quarter_text(t->fy, a->quarter, text, sizeof text));
	NUMBER(p, "version", a->version);
	put_day(p, "from", hf_period_first(t->fy, p->first + 1));
	put_day(p, "to", hf_ct_quarter_end(t->fy, a->quarter));
	TEXT(p, "cut", cut_word(worst_cut(p)));
	TEXT(p, "prices", t->prices);
	TEXT(p, "rules", a->rules ? a->rules->id : t->rules);
	TEXT(p, "rulesVersion", a->rules ? a->rules->version : "");
	TEXT(p, "rounding", "half away from zero, once, on the year to date");
	NUMBER(p, "inputs", p->run->facts->seq);
	hf_jw_field(&p->w, "preparedBy", a->by);
	TEXT(p, "preparedAt", hf_time_format(a->at, text, sizeof text));
}

static void
put_lines(struct paper *p, size_t c)
{
	const struct hf_ct_component *def = &p->run->terms->components[c];

	hf_jw_member(&p->w, "lines");
	hf_jw_arr(&p->w);
	for (size_t l = def->first; l < (size_t)def->first + def->n; l++) {
		const struct hf_ct_amounts *ytd = p->run->lines[l];
		struct hf_ct_amounts a =
		    of_quarter(p, &ytd[p->last], p->first ? &ytd[p->first - 1] : NULL);

		hf_jw_obj(&p->w);
		TEXT(p, "id", p->run->terms->lines[l].id);
		TEXT(p, "title", p->run->terms->lines[l].title);
		NUMBER(p, "unitsPlan", a.units_plan);
		NUMBER(p, "units", a.units);
		put_amounts(p, &a);
		hf_jw_obj_end(&p->w);
	}
	hf_jw_arr_end(&p->w);
}

static void
put_note(struct paper *p, size_t c, const struct hf_ct_amounts *a)
{
	const struct hf_ct_component_ytd *y = &p->run->components[c][p->last];
	int64_t parts = 0;
	char text[120] = "";

	if (p->run->terms->components[c].kind == HF_CT_BLOCK && a->plan &&
	    hf_pence_ratio(a->shadow - a->plan, 1000000, a->plan, HF_HALF_AWAY, &parts))
		snprintf(text, sizeof text, "shadow %c%lld.%04lld %% on block",
			 parts < 0 ? '-' : '+', (long long)(llabs(parts) / 10000),
			 (long long)(llabs(parts) % 10000));
	else if (y->review)
		snprintf(text, sizeof text, "beyond the cap or collar: joint review");
	TEXT(p, "note", text);
}

static void
put_component(struct paper *p, size_t c)
{
	const struct hf_ct_component *def = &p->run->terms->components[c];
	const struct hf_ct_component_ytd *y = p->run->components[c];
	const struct hf_ct_component_ytd *before = p->first ? &y[p->first - 1] : NULL;
	struct hf_ct_amounts a =
	    of_quarter(p, &y[p->last].sum, before ? &before->sum : NULL);

	hf_jw_obj(&p->w);
	TEXT(p, "number", def->number);
	TEXT(p, "id", def->id);
	TEXT(p, "title", def->title);
	put_amounts(p, &a);
	NUMBER(p, "adjust", y[p->last].adjust - (before ? before->adjust : 0));
	NUMBER(p, "withheld", y[p->last].withheld - (before ? before->withheld : 0));
	put_note(p, c, &a);
	put_lines(p, c);
	hf_jw_obj_end(&p->w);
}

static void
put_late(struct paper *p)
{
	hf_jw_member(&p->w, "late");
	hf_jw_arr(&p->w);
	for (size_t i = 0; i < p->run->facts->n_late; i++) {
		const struct hf_ct_late *l = &p->run->facts->late[i];

		if (l->in.month < p->first || l->in.month > p->last)
			continue;
		hf_jw_obj(&p->w);
		TEXT(p, "line", p->run->terms->lines[l->in.line].id);
		NUMBER(p, "month", l->in.month + 1);
		NUMBER(p, "pence", l->differs);
		NUMBER(p, "units", l->units);
		hf_jw_obj_end(&p->w);
	}
	hf_jw_arr_end(&p->w);
	if (p->run->facts->late_dropped)
		NUMBER(p, "lateMore", (int64_t)p->run->facts->late_dropped);
}

/* Lines and months of the quarter of which nothing has come: what they earned is not
 * known yet, and both who sign can see that.  Absent when all have come. */
static void
put_missing(struct paper *p)
{
	const struct hf_ct_terms *t = p->run->terms;
	bool any = false;

	for (size_t l = 0; l < t->n_lines; l++)
		for (int m = p->first; m <= p->last; m++) {
			if (p->run->facts->at[l][m].cut != HF_CT_NOTHING ||
			    t->components[t->lines[l].component].kind == HF_CT_OUTCOME)
				continue;
			if (!any) {
				hf_jw_member(&p->w, "missing");
				hf_jw_arr(&p->w);
			}
			any = true;
			hf_jw_obj(&p->w);
			TEXT(p, "line", t->lines[l].id);
			NUMBER(p, "month", m + 1);
			hf_jw_obj_end(&p->w);
		}
	if (any)
		hf_jw_arr_end(&p->w);
}

/* What earlier quarters would be now, and were not when they were agreed. */
static hf_pence
put_corrections(struct paper *p)
{
	hf_pence sum = 0;

	hf_jw_member(&p->w, "corrections");
	hf_jw_arr(&p->w);
	for (size_t c = 0; c < p->run->terms->n_components; c++) {
		hf_pence v = p->about->now[c] - p->about->agreed[c];

		if (v == 0)
			continue;
		sum += v;
		hf_jw_obj(&p->w);
		TEXT(p, "component", p->run->terms->components[c].id);
		NUMBER(p, "pence", v);
		hf_jw_obj_end(&p->w);
	}
	hf_jw_arr_end(&p->w);
	return sum;
}

static enum hf_rc
check_quarter(const struct paper *p, struct hf_err *err)
{
	if (p->about->quarter < 1 || p->about->quarter > 4 ||
	    p->run->months != p->last + 1 || p->run->days != p->run->of)
		return hf_fail(
		    err, HF_RULE, "quarter",
		    "a statement is of a run to the last day of its quarter");
	for (int m = p->first; m <= p->last; m++)
		for (size_t l = 0; l < p->run->terms->n_lines; l++)
			if (p->run->facts->at[l][m].cut != HF_CT_NOTHING)
				goto some;
	return hf_fail(err, HF_RULE, "quarter",
		       "no figures have come for this quarter");
some:
	return HF_OK;
}

enum hf_rc
hf_ct_statement_write(const struct hf_ct_run *run,
		      const struct hf_ct_statement_about *about, struct hf_buf *out,
		      struct hf_err *err)
{
	struct paper p = {.run = run,
			  .about = about,
			  .w = {.out = out},
			  .first = about->quarter * 3 - 3,
			  .last = about->quarter * 3 - 1};
	struct hf_ct_amounts total;
	hf_pence corrections;
	enum hf_rc rc = check_quarter(&p, err);

	if (rc)
		return rc;
	hf_jw_obj(&p.w);
	put_heading(&p);
	hf_jw_member(&p.w, "components");
	hf_jw_arr(&p.w);
	for (size_t c = 0; c < run->terms->n_components; c++)
		put_component(&p, c);
	hf_jw_arr_end(&p.w);
	total = of_quarter(&p, &run->total[p.last],
			   p.first ? &run->total[p.first - 1] : NULL);
	hf_jw_member(&p.w, "total");
	hf_jw_obj(&p.w);
	put_amounts(&p, &total);
	hf_jw_obj_end(&p.w);
	put_late(&p);
	put_missing(&p);
	corrections = put_corrections(&p);
	NUMBER(&p, "payable", total.earned - total.account + corrections);
	hf_jw_obj_end(&p.w);
	return out->failed
		   ? hf_fail(err, HF_TOO_LONG, NULL, "the statement is too long")
		   : HF_OK;
}

/* ---- adding up ---- */

static const char *const sums[] = {"plan",   "account",	   "earned",
				   "shadow", "difference", "trueUp"};

static bool
number(const struct hf_json *d, uint32_t object, const char *name, int64_t *out)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));

	return node != HF_JSON_NONE && hf_json_type(d, node) == HF_JSON_NUMBER &&
	       hf_sv_int(hf_json_raw(d, node), out);
}

/* The member's sum over a list, added to *out. */
static bool
add_up(const struct hf_json *d, uint32_t list, const char *name, int64_t *out)
{
	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		int64_t v;

		if (!number(d, hf_json_at(d, list, i), name, &v) ||
		    !hf_pence_add(out, v))
			return false;
	}
	return true;
}

/* What is said of a line, component or total fits together. */
static bool
row_fits(const struct hf_json *d, uint32_t row)
{
	int64_t earned = 0, shadow = 0, account = 0, difference = 0, true_up = 0;

	return number(d, row, "earned", &earned) && number(d, row, "shadow", &shadow) &&
	       number(d, row, "account", &account) &&
	       number(d, row, "difference", &difference) &&
	       number(d, row, "trueUp", &true_up) &&
	       (hf_i128)earned - shadow == difference &&
	       (hf_i128)earned - account == true_up;
}

/* A component's amount is the sum of its lines and of what is its own. */
static bool
sum_fits(const struct hf_json *d, uint32_t c, const char *name, const char *own,
	 int sign)
{
	int64_t sum = 0, more = 0, said = 0;

	return add_up(d, hf_json_member(d, c, "lines"), name, &sum) &&
	       (!own || number(d, c, own, &more)) && number(d, c, name, &said) &&
	       (hf_i128)sum + (hf_i128)sign * more == said;
}

static bool
component_adds_up(const struct hf_json *d, uint32_t c, struct hf_err *err)
{
	uint32_t lines = hf_json_member(d, c, "lines");
	bool good = row_fits(d, c) && sum_fits(d, c, "plan", NULL, 0) &&
		    sum_fits(d, c, "account", NULL, 0) &&
		    sum_fits(d, c, "earned", "adjust", 1) &&
		    sum_fits(d, c, "shadow", "withheld", -1);

	for (uint32_t i = 0; good && i < hf_json_count(d, lines); i++)
		good = row_fits(d, hf_json_at(d, lines, i));
	if (!good)
		hf_fail(err, HF_RULE, "components",
			"a component is not the sum of its lines");
	return good;
}

/* What is to be paid is what is left after on-account money, and corrections. */
static bool
payable_fits(const struct hf_json *d, uint32_t total)
{
	int64_t sum = 0, said = 0;

	return number(d, total, "trueUp", &sum) &&
	       add_up(d, hf_json_member(d, 0, "corrections"), "pence", &sum) &&
	       number(d, 0, "payable", &said) && sum == said;
}

enum hf_rc
hf_ct_statement_check(struct hf_sv bytes, struct hf_arena *arena, struct hf_json *out,
		      struct hf_err *err)
{
	static const struct hf_json_limits limits = {
	    .bytes = 1 << 20, .depth = 8, .nodes = 100000};
	enum hf_rc rc = hf_json_parse(bytes, &limits, arena, out, err);
	uint32_t components, total;

	if (rc)
		return rc;
	components = hf_json_member(out, 0, "components");
	total = hf_json_member(out, 0, "total");
	if (components == HF_JSON_NONE || total == HF_JSON_NONE)
		return hf_fail(err, HF_INVALID, NULL, "it is no statement");
	for (uint32_t i = 0; i < hf_json_count(out, components); i++)
		if (!component_adds_up(out, hf_json_at(out, components, i), err))
			return HF_RULE;
	for (size_t i = 0; i < HF_COUNT(sums); i++) {
		int64_t sum = 0, said = 0;

		if (!add_up(out, components, sums[i], &sum) ||
		    !number(out, total, sums[i], &said) || sum != said)
			return hf_fail(err, HF_RULE, sums[i],
				       "the total is not the sum of the components");
	}
	if (!row_fits(out, total) || !payable_fits(out, total))
		return hf_fail(err, HF_RULE, "payable",
			       "what is to be paid is not the true-up and the "
			       "corrections");
	return HF_OK;
}
