/* spvalue_sort.c - keys by which resources are put in order. */
#include "fhir/spvalue_impl.h"

/* Eight bytes that order like the time. */
static struct hf_sv
time_key(hf_time t, struct hf_arena *arena)
{
	uint64_t v = (uint64_t)t ^ UINT64_C(1) << 63;
	unsigned char *p = hf_arena_alloc(arena, 8);

	for (int i = 0; p && i < 8; i++)
		p[i] = (unsigned char)(v >> (56 - 8 * i));
	return (struct hf_sv){(const char *)p, p ? 8 : 0};
}

static struct hf_sv
number_key(struct hf_sv text, bool open_is_high, struct hf_arena *arena)
{
	unsigned char buf[HF_DECIMAL_TEXT];
	struct hf_decimal d;
	size_t n = 0;

	if (text.n && !hf_decimal_parse(text, &d))
		return HF_SV("");
	/* An open end comes before or after all numbers, whose keys begin with 1, 2
	 * or 3. */
	if (text.n == 0)
		buf[n++] = open_is_high ? 4 : 0;
	else
		n = hf_decimal_key(d, buf);
	return hf_arena_sv(arena, (struct hf_sv){(const char *)buf, n});
}

/* The key of one value; n 0 when it has none, p NULL when the arena is full. */
static struct hf_sv
key_of(const struct hf_sp *sp, const struct hf_spv *v, bool desc,
       struct hf_arena *arena)
{
	switch (sp->kind) {
	case HF_SP_DATE:
		return time_key(desc ? v->date.hi : v->date.lo, arena);
	case HF_SP_NUMBER:
	case HF_SP_QUANTITY:
		return number_key(desc && v->is_range ? v->high : v->number, desc,
				  arena);
	case HF_SP_TOKEN:
		return hf_fold(v->code.n ? v->code : v->text, arena);
	case HF_SP_STRING:
		return hf_fold(v->text, arena);
	default:
		return hf_arena_sv(arena, v->text.n ? v->text : v->ident);
	}
}

enum hf_rc
hf_sp_sort_key(const struct hf_sp *sp, const struct hf_json *doc, uint32_t node,
	       bool desc, struct hf_arena *arena, struct hf_sv *key, struct hf_err *err)
{
	struct hf_sv best = {NULL, 0};
	struct hf_spvs values = {0};
	enum hf_rc rc = hf_sp_values(sp, doc, node, arena, &values, err);

	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < values.n; i++) {
		struct hf_sv k = key_of(sp, &values.items[i], desc, arena);
		int order;

		if (!k.p)
			return hf_fail(err, HF_TOO_LONG, sp->code,
				       "the resource is too large to sort by %s",
				       sp->code);
		if (k.n == 0)
			continue;
		order = best.n ? hf_sv_cmp(k, best) : -1;
		if (best.n == 0 || (desc ? order > 0 : order < 0))
			best = k;
	}
	*key = best;
	return HF_OK;
}
