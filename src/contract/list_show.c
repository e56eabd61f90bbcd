/* list_show.c - see list_show.h. */
#include "contract/list_show.h"

#include <ctype.h>

#include "contract/show.h"

/* ---- fields ---- */

struct cells {
	struct hf_ct_cell *out;
	size_t n;
};

static void
add(struct cells *c, const char *name, enum hf_ct_cell_kind kind, int64_t n)
{
	assert(c->n < HF_CT_CELLS);
	c->out[c->n++] = (struct hf_ct_cell){.name = name, .kind = kind, .n = n};
}

static void
add_text(struct cells *c, const char *name, struct hf_sv text)
{
	add(c, name, HF_CT_CELL_TEXT, 0);
	c->out[c->n - 1].text = text;
}

static void
hrg_cells(const struct hf_ct_hrg *h, struct cells *c)
{
	static const char *const scopes[] = {"", "replace", "uplift"};

	add_text(c, "name", h->name);
	add(c, "oproc", HF_CT_CELL_PENCE, h->oproc);
	add(c, "combined", HF_CT_CELL_PENCE, h->combined);
	add(c, "dc", HF_CT_CELL_PENCE, h->dc);
	add(c, "el", HF_CT_CELL_PENCE, h->el);
	add(c, "el_trim", HF_CT_CELL_DAYS, h->el_trim);
	add(c, "ne", HF_CT_CELL_PENCE, h->ne);
	add(c, "ne_trim", HF_CT_CELL_DAYS, h->ne_trim);
	add(c, "perday", HF_CT_CELL_PENCE, h->perday);
	add(c, "sse_applicable", HF_CT_CELL_YES, h->sse_applicable);
	add(c, "sse_pct", HF_CT_CELL_RATE, h->sse_applicable ? h->sse_pct : -1);
	add(c, "sse_price", HF_CT_CELL_PENCE, h->sse_price);
	add_text(c, "bpt_scope", hf_sv_from(scopes[h->bpt_scope]));
	add_text(c, "bpt_area", h->bpt_area);
	add(c, "bpt_price_ne", HF_CT_CELL_PENCE, h->bpt_ne);
	add(c, "bpt_price_el", HF_CT_CELL_PENCE, h->bpt_el);
}

static void
item_cells(enum hf_ct_table_name table, const struct hf_ct_item *i, struct cells *c)
{
	add_text(c, "name", i->name);
	if (table == HF_CT_T_DRUG)
		return;
	if (table == HF_CT_T_UNBUNDLED)
		add_text(c, "unit", i->unit);
	add(c, "price", HF_CT_CELL_PENCE, i->price);
	if (table == HF_CT_T_UNBUNDLED)
		add(c, "mff", HF_CT_CELL_YES, i->mff);
}

static void
topup_cells(const struct hf_ct_topup *t, struct cells *c)
{
	static const char *const services[] = {
#define HF_CT_SPECIAL(name, bit, code, text) [bit] = code,
#include "contract/special.def"
#undef HF_CT_SPECIAL
	};

	assert(t->key.sub < HF_COUNT(services));
	add_text(c, "service", hf_sv_from(services[t->key.sub]));
	add(c, "percent", HF_CT_CELL_RATE, t->percent);
}

static const char *const code_names[] = {
    [HF_CT_T_HRG] = "hrg",	  [HF_CT_T_OUTPATIENT] = "function",
    [HF_CT_T_AE] = "hrg",	  [HF_CT_T_UNBUNDLED] = "hrg",
    [HF_CT_T_DRUG] = "code",	  [HF_CT_T_MFF] = "provider",
    [HF_CT_T_TOPUP] = "provider",
};

size_t
hf_ct_row_cells(enum hf_ct_table_name table, const void *row,
		char code[HF_CT_CODE_TEXT], struct hf_ct_cell out[HF_CT_CELLS])
{
	const struct hf_ct_key *key = row;
	const struct hf_ct_attendance *op = row;
	const struct hf_ct_mff *mff = row;
	struct cells c = {out, 0};

	assert(table < HF_CT_TABLES);
	add_text(&c, code_names[table], hf_sv_from(hf_ct_code_text(key->code, code)));
	switch (table) {
	case HF_CT_T_HRG:
		hrg_cells(row, &c);
		break;
	case HF_CT_T_OUTPATIENT:
		add_text(&c, "attendance",
			 key->sub == HF_CT_OP_FIRST ? HF_SV("first")
						    : HF_SV("follow_up"));
		add(&c, "single", HF_CT_CELL_PENCE, op->single);
		add(&c, "multi", HF_CT_CELL_PENCE, op->multi);
		break;
	case HF_CT_T_AE:
	case HF_CT_T_UNBUNDLED:
	case HF_CT_T_DRUG:
		item_cells(table, row, &c);
		break;
	case HF_CT_T_MFF:
		add_text(&c, "name", mff->name);
		add(&c, "mff", HF_CT_CELL_RATE, mff->mff);
		break;
	case HF_CT_T_TOPUP:
		topup_cells(row, &c);
		break;
	case HF_CT_TABLES:
		break;
	}
	return c.n;
}

static bool
is_blank(const struct hf_ct_cell *c)
{
	return c->kind == HF_CT_CELL_TEXT  ? c->text.n == 0
	       : c->kind == HF_CT_CELL_YES ? false
					   : c->n < 0;
}

void
hf_ct_row_write(enum hf_ct_table_name table, const void *row, struct hf_jw *w)
{
	const struct hf_ct_key *key = row;
	struct hf_ct_cell cells[HF_CT_CELLS];
	char code[HF_CT_CODE_TEXT], text[HF_MONEY_TEXT];
	size_t n = hf_ct_row_cells(table, row, code, cells);

	hf_jw_obj(w);
	hf_ct_int(w, "line", key->line);
	hf_ct_text(w, "from", hf_ct_day_text(key->from, text, sizeof text));
	hf_ct_text(w, "to", hf_ct_day_text(key->to, text, sizeof text));
	for (size_t i = 0; i < n; i++) {
		const struct hf_ct_cell *c = &cells[i];

		if (is_blank(c))
			continue;
		hf_jw_key(w, hf_sv_from(c->name));
		if (c->kind == HF_CT_CELL_TEXT)
			hf_jw_str(w, c->text);
		else if (c->kind == HF_CT_CELL_YES)
			hf_jw_bool(w, c->n != 0);
		else if (c->kind == HF_CT_CELL_RATE)
			hf_jw_raw(w, hf_sv_from(hf_rate_text(c->n, text, sizeof text)));
		else
			hf_jw_int(w, c->n);
	}
	hf_jw_obj_end(w);
}

/* ---- searching ---- */

static bool
same_letters(struct hf_sv a, struct hf_sv b)
{
	if (a.n < b.n)
		return false;
	for (size_t i = 0; i < b.n; i++)
		if (tolower((unsigned char)a.p[i]) != tolower((unsigned char)b.p[i]))
			return false;
	return true;
}

bool
hf_ct_row_matches(enum hf_ct_table_name table, const void *row, struct hf_sv q)
{
	struct hf_ct_cell cells[HF_CT_CELLS];
	char code[HF_CT_CODE_TEXT];
	size_t n = hf_ct_row_cells(table, row, code, cells);

	if (q.n == 0 || same_letters(cells[0].text, q))
		return true;
	for (size_t i = 1; i < n; i++) {
		struct hf_sv s = cells[i].text;

		if (strcmp(cells[i].name, "name") != 0)
			continue;
		for (; s.n >= q.n; s.p++, s.n--)
			if (same_letters(s, q))
				return true;
	}
	return false;
}

/* ---- what changed ---- */

static const struct hf_ct_key *
key_of(const struct hf_ct_list *l, enum hf_ct_table_name table, uint32_t i)
{
	return i < l->table[table].n ? hf_ct_list_row(l, table, i) : NULL;
}

static bool
cells_differ(const struct hf_ct_cell *a, const struct hf_ct_cell *b)
{
	return a->kind == HF_CT_CELL_TEXT ? !hf_sv_eq(a->text, b->text) : a->n != b->n;
}

static int64_t
bound(int32_t day, int32_t of_list)
{
	return day == of_list ? INT64_MAX : day;
}

static bool
rows_differ(const struct hf_ct_list *la, const struct hf_ct_list *lb,
	    enum hf_ct_table_name table, const struct hf_ct_key *a,
	    const struct hf_ct_key *b)
{
	struct hf_ct_cell x[HF_CT_CELLS], y[HF_CT_CELLS];
	char cx[HF_CT_CODE_TEXT], cy[HF_CT_CODE_TEXT];
	size_t n = hf_ct_row_cells(table, a, cx, x);

	hf_ct_row_cells(table, b, cy, y);
	for (size_t i = 0; i < n; i++)
		if (cells_differ(&x[i], &y[i]))
			return true;
	return bound(a->from, la->from) != bound(b->from, lb->from) ||
	       bound(a->to, la->to) != bound(b->to, lb->to);
}

/* Which stands first by code: less than 0 a alone, more than 0 b alone, 0 both. */
static int
order(const struct hf_ct_key *a, const struct hf_ct_key *b)
{
	if (!a || !b)
		return a ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	return a->sub < b->sub ? -1 : a->sub > b->sub;
}

size_t
hf_ct_list_changes(const struct hf_ct_list *before, const struct hf_ct_list *after,
		   enum hf_ct_table_name table, size_t from, size_t most,
		   struct hf_ct_row_change *out)
{
	const struct hf_ct_key *a, *b;
	uint32_t i = 0, k = 0;
	size_t n = 0;

	for (;;) {
		int which;

		a = key_of(before, table, i);
		b = key_of(after, table, k);
		if (!a && !b)
			return n;
		which = order(a, b);
		i += which <= 0;
		k += which >= 0;
		if (which == 0 && !rows_differ(before, after, table, a, b))
			continue;
		if (n >= from && n - from < most)
			out[n - from] = (struct hf_ct_row_change){
			    which <= 0 ? a : NULL, which >= 0 ? b : NULL};
		n++;
	}
}

void
hf_ct_row_change_write(enum hf_ct_table_name table, const struct hf_ct_row_change *c,
		       struct hf_jw *w)
{
	struct hf_ct_cell x[HF_CT_CELLS], y[HF_CT_CELLS];
	char cx[HF_CT_CODE_TEXT], cy[HF_CT_CODE_TEXT];
	const void *any = c->before ? c->before : c->after;
	size_t n = hf_ct_row_cells(table, any, cx, x);

	hf_jw_obj(w);
	hf_jw_field(w, "code", x[0].text);
	hf_ct_text(w, "what", !c->before ? "added" : !c->after ? "removed" : "changed");
	if (c->before) {
		hf_jw_member(w, "before");
		hf_ct_row_write(table, c->before, w);
	}
	if (c->after) {
		hf_jw_member(w, "after");
		hf_ct_row_write(table, c->after, w);
	}
	if (c->before && c->after) {
		hf_ct_row_cells(table, c->after, cy, y);
		hf_jw_member(w, "columns");
		hf_jw_arr(w);
		for (size_t i = 0; i < n; i++)
			if (cells_differ(&x[i], &y[i]))
				hf_jw_str(w, hf_sv_from(x[i].name));
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

/* ---- tables ---- */

struct hf_sv
hf_ct_table_word(enum hf_ct_table_name table)
{
	struct hf_sv file = hf_sv_from(hf_ct_table_file(table));

	return hf_sv_cut(&file, '.');
}

enum hf_ct_table_name
hf_ct_table_find(struct hf_sv word)
{
	int t = 0;

	while (t < HF_CT_TABLES &&
	       !hf_sv_eq(word, hf_ct_table_word((enum hf_ct_table_name)t)))
		t++;
	return (enum hf_ct_table_name)t;
}
