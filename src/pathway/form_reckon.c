/* form_reckon.c - values that a form works out from other answers (FHIRPath). */
#include "pathway/form_int.h"

enum { STEPS = 20000 };

/* A number as it is written, of decimals too many for a text of ours: no value. */
static bool
number_of(struct hf_sv text, bool whole, struct hf_qn_value *out)
{
	int64_t v;

	out->text = text;
	return hf_decimal_parse(text, &out->number) && (!whole || hf_sv_int(text, &v));
}

/* What an expression gave, as the item has its answers; false when it is no such
 * value. */
static bool
value_of(const struct hf_qn_item *item, const struct hf_pv *pv, struct hf_arena *arena,
	 struct hf_qn_value *out)
{
	struct hf_sv text = hf_pv_text(pv, arena);

	*out = (struct hf_qn_value){.kind = hf_qn_types[item->type].kind};
	switch (out->kind) {
	case HF_QN_TRUTH:
		out->b = pv->kind == HF_PV_BOOL ? pv->b : hf_sv_is(text, "true");
		return pv->kind == HF_PV_BOOL || out->b || hf_sv_is(text, "false");
	case HF_QN_NUMBER:
		return number_of(text, item->type == HF_QN_INTEGER, out);
	case HF_QN_MEASURE:
		if (item->n_units == 0)
			return false;
		out->system = item->units[0].system;
		out->code = item->units[0].code;
		return number_of(text, false, out);
	case HF_QN_CODE:
		for (size_t i = 0; i < item->n_options; i++)
			if (hf_sv_eq(item->options[i].code, text)) {
				*out = item->options[i];
				return true;
			}
		return false;
	case HF_QN_WORDS:
		out->text = text;
		return text.n > 0;
	case HF_QN_MOMENT:
	case HF_QN_NOTHING:
		break;
	}
	return false;
}

enum hf_rc
hf_qn_reckon(const struct hf_qn *q, const struct hf_json *doc, uint32_t node,
	     const struct hf_qn_asked *asked, struct hf_arena *arena,
	     struct hf_issues *issues, struct hf_qn_answers *out, struct hf_err *err)
{
	struct hf_pv age = {.kind = HF_PV_INT,
			    .i = asked->age,
			    .node = HF_JSON_NONE,
			    .extra = HF_JSON_NONE};
	struct hf_path_var var = {
	    .name = HF_SV("age"), .items = &age, .n = asked->age >= 0};
	struct hf_path_env env = {.doc = doc,
				  .node = node,
				  .type = hf_path_type_at(doc, node),
				  .max_steps = STEPS,
				  .now = asked->now,
				  .vars = &var,
				  .n_vars = 1};

	for (size_t i = 0; i < q->n_items; i++) {
		struct hf_pvs found = {0};
		struct hf_err why = {0};

		if (!q->items[i].reckoned)
			continue;
		/* Answers of another type than the form's have their finding already:
		 * then there is no value. */
		if (hf_path_eval(q->items[i].reckoned, &env, arena, &found, &why) !=
			HF_OK ||
		    found.n != 1) {
			if (why.rc == HF_TOO_LONG || found.n > 1)
				hf_issue_add(issues, HF_SEV_ERROR, "processing",
					     hf_sv_from(q->items[i].id),
					     "it could not be reckoned");
			continue;
		}
		if (!value_of(&q->items[i], &found.items[0], arena, &out->reckoned[i]))
			out->reckoned[i].kind = HF_QN_NOTHING;
	}
	if (arena->used >= arena->cap)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the answers");
	return HF_OK;
}
