/* reprice.c - the same activity under a changed list. */
#include "contract/reprice.h"

/* ---- a changed list ---- */

static hf_pence *
hrg_price(struct hf_ct_hrg *h, enum hf_ct_reprice_column c)
{
	switch (c) {
	case HF_CT_RP_OPROC:
		return &h->oproc;
	case HF_CT_RP_COMBINED:
		return &h->combined;
	case HF_CT_RP_DC:
		return &h->dc;
	case HF_CT_RP_EL:
		return &h->el;
	case HF_CT_RP_NE:
		return &h->ne;
	case HF_CT_RP_PERDAY:
		return &h->perday;
	case HF_CT_RP_SSE:
		return &h->sse_price;
	case HF_CT_RP_PRICE:
	case HF_CT_REPRICE_COLUMNS:
		break;
	}
	return NULL;
}

/* Changes a row when it is the one, and what is changed is there: a price that is
 * nowhere is not made up. */
static bool
change_row(const struct hf_ct_reprice_change *c, enum hf_ct_table_name table, void *row)
{
	struct hf_ct_key *k = row;
	hf_pence *p = NULL;

	if (k->code != c->code)
		return false;
	if (c->kind == HF_CT_REPRICE_FACTOR) {
		((struct hf_ct_mff *)row)->mff = c->rate;
		return true;
	}
	p = table == HF_CT_T_HRG ? hrg_price(row, c->column)
				 : &((struct hf_ct_item *)row)->price;
	if (!p || *p == HF_CT_NO_PRICE)
		return false;
	*p = c->price;
	return true;
}

static bool
concerns(const struct hf_ct_reprice_change *c, enum hf_ct_table_name table)
{
	if (c->kind == HF_CT_REPRICE_FACTOR)
		return table == HF_CT_T_MFF;
	if (c->column == HF_CT_RP_PRICE)
		return table == HF_CT_T_AE || table == HF_CT_T_UNBUNDLED;
	return table == HF_CT_T_HRG;
}

static size_t
change_list(struct hf_ct_list *list, const struct hf_ct_reprice_change *c)
{
	size_t changed = 0;

	for (int t = 0; t < HF_CT_TABLES; t++) {
		struct hf_ct_rows *rows = &list->table[t];

		if (!concerns(c, (enum hf_ct_table_name)t))
			continue;
		for (uint32_t i = 0; i < rows->n; i++)
			changed += change_row(c, (enum hf_ct_table_name)t,
					      rows->rows + (size_t)i * rows->stride);
	}
	return changed;
}

/* Rows are copied, the hash is borrowed: no key changes. */
static struct hf_ct_list *
copy_list(const struct hf_ct_list *list, struct hf_arena *arena)
{
	struct hf_ct_list *out = HF_NEW(arena, struct hf_ct_list);

	if (!out)
		return NULL;
	*out = *list;
	for (int t = 0; t < HF_CT_TABLES; t++) {
		const struct hf_ct_rows *from = &list->table[t];

		if (from->n == 0)
			continue;
		out->table[t].rows = hf_arena_array(arena, from->n, from->stride);
		if (!out->table[t].rows)
			return NULL;
		memcpy(out->table[t].rows, from->rows, (size_t)from->n * from->stride);
	}
	return out;
}

static enum hf_rc
check(const struct hf_ct_reprice_change *c, struct hf_err *err)
{
	bool good = true;

	if (c->kind == HF_CT_REPRICE_PRICE)
		good = c->price >= 0 && c->price <= HF_CT_PRICE_MOST &&
		       c->column < HF_CT_REPRICE_COLUMNS;
	else if (c->kind == HF_CT_REPRICE_FACTOR)
		good = c->rate >= HF_RATE_ONE && c->rate <= 2 * HF_RATE_ONE;
	else
		good =
		    c->rate >= 0 && c->rate <= 10 * HF_RATE_ONE && c->pod < HF_CT_PODS;
	return good ? HF_OK
		    : hf_fail(err, HF_INVALID, "change",
			      "a price is £0 to ten million, a factor 1 to 2, a volume "
			      "0 to 10 times what it is");
}

enum hf_rc
hf_ct_price_book_change(const struct hf_ct_price_book *book,
			const struct hf_ct_reprice_change *changes, size_t n,
			struct hf_arena *arena, struct hf_ct_price_book *out,
			struct hf_err *err)
{
	struct hf_ct_list *lists[HF_CT_LISTS_MOST];

	if (n > HF_CT_REPRICE_MOST)
		return hf_fail(err, HF_TOO_LONG, "change", "more than %d changes",
			       HF_CT_REPRICE_MOST);
	for (size_t l = 0; l < book->n; l++)
		if (!(lists[l] = copy_list(book->lists[l], arena)))
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	for (size_t i = 0; i < n; i++) {
		size_t changed = 0;
		enum hf_rc rc = check(&changes[i], err);

		if (rc != HF_OK)
			return rc;
		if (changes[i].kind == HF_CT_REPRICE_VOLUME)
			continue;
		for (size_t l = 0; l < book->n; l++)
			changed += change_list(lists[l], &changes[i]);
		if (changed == 0)
			return hf_fail(err, HF_NOT_FOUND, "change",
				       "no price list has this price or factor");
	}
	*out = *book;
	for (size_t l = 0; l < book->n; l++)
		out->lists[l] = lists[l];
	return HF_OK;
}

/* ---- both sides ---- */

/* Which change multiplies this line, from 1; 0: none. */
static size_t
volume(const struct hf_ct_reprice_change *changes, size_t n,
       const struct hf_ct_activity *a, const struct hf_ct_priced *line)
{
	for (size_t i = n; i > 0; i--) { /* the last one said counts */
		const struct hf_ct_reprice_change *c = &changes[i - 1];

		if (c->kind == HF_CT_REPRICE_VOLUME &&
		    (!c->code || c->code == a->hrg) && (!c->pod || c->pod == line->pod))
			return i;
	}
	return 0;
}

/* Sums of what is multiplied by each change, [0] of what is by none. */
struct side {
	struct hf_ct_sum pods[HF_CT_REPRICE_MOST + 1][HF_CT_PODS];
};

static bool
price_side(const struct hf_ct_price_book *book,
	   const struct hf_ct_reprice_change *changes, size_t n_changes,
	   const struct hf_ct_activity *a, size_t n, struct side *out)
{
	struct hf_ct_pricer pricer;
	struct hf_ct_priced line;
	bool good = true;

	hf_ct_pricer_init(&pricer, book, NULL);
	for (size_t i = 0; i < n; i++) {
		struct hf_ct_sum one;
		size_t which;

		hf_ct_price(&pricer, &a[i], &line);
		which = volume(changes, n_changes, &a[i], &line);
		one = (struct hf_ct_sum){1, line.excess, line.value, line.xbd};
		good = hf_ct_sum_add(&out->pods[which][line.pod], &one) && good;
	}
	return good;
}

static bool
multiply(struct hf_ct_sum *sum, hf_rate rate)
{
	return hf_pence_scale(sum->n, rate, HF_HALF_AWAY, &sum->n) &&
	       hf_pence_scale(sum->excess, rate, HF_HALF_AWAY, &sum->excess) &&
	       hf_pence_scale(sum->value, rate, HF_HALF_AWAY, &sum->value) &&
	       hf_pence_scale(sum->xbd, rate, HF_HALF_AWAY, &sum->xbd);
}

static bool
close_side(struct side *s, const struct hf_ct_reprice_change *changes, size_t n,
	   struct hf_ct_sum pods[HF_CT_PODS], struct hf_ct_sum *all)
{
	bool good = true;

	for (size_t p = 0; p < HF_CT_PODS; p++) {
		for (size_t i = 0; i <= n; i++) {
			if (i)
				good = multiply(&s->pods[i][p], changes[i - 1].rate) &&
				       good;
			good = hf_ct_sum_add(&pods[p], &s->pods[i][p]) && good;
		}
		good = hf_ct_sum_add(all, &pods[p]) && good;
	}
	return good;
}

enum hf_rc
hf_ct_reprice(const struct hf_ct_price_book *book,
	      const struct hf_ct_reprice_change *changes, size_t n_changes,
	      const struct hf_ct_activity *a, size_t n, struct hf_arena *arena,
	      struct hf_ct_repriced *out, struct hf_err *err)
{
	struct hf_ct_price_book changed;
	struct hf_ct_repriced w = {0};
	struct side *sides = hf_arena_array(arena, 2, sizeof *sides);
	enum hf_rc rc =
	    hf_ct_price_book_change(book, changes, n_changes, arena, &changed, err);

	if (rc != HF_OK)
		return rc;
	if (!sides)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	if (!price_side(book, NULL, 0, a, n, &sides[0]) ||
	    !price_side(&changed, changes, n_changes, a, n, &sides[1]) ||
	    !close_side(&sides[0], NULL, 0, w.before, &w.all_before) ||
	    !close_side(&sides[1], changes, n_changes, w.after, &w.all_after))
		return hf_fail(err, HF_TOO_LONG, NULL, "a total is too large");
	*out = w;
	return HF_OK;
}
