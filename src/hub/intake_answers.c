/* intake_answers.c - the minimum data set, read back from the answers that keep it. */
#include "hub/intake_int.h"

#include "record/person_text.h"

/* Of what was recorded as "true", "yes" or their contrary. */
static int
yes_or_no(struct hf_sv text)
{
	if (text.n == 0)
		return -1;
	return text.p[0] == 't' || text.p[0] == 'y';
}

static void
take_item(struct hf_intake *in, const struct hf_intake_item *item, struct hf_sv value)
{
	int64_t n;

	if (item->kind == HF_ITEM_YES)
		*hf_intake_number(in, item) = yes_or_no(value);
	else if (item->kind != HF_ITEM_NUMBER)
		*hf_intake_text(in, item) = value;
	else if (hf_sv_int(value, &n) && n >= 0 && n <= INT32_MAX)
		*hf_intake_number(in, item) = (int)n;
}

static void
take_news2(struct hf_intake *in, struct hf_sv id, struct hf_sv value)
{
	if (hf_sv_is(id, "at"))
		in->news2_at = value;
	else if (in->n_news2 < HF_COUNT(in->news2))
		in->news2[in->n_news2++] = (struct hf_score_value){id, value};
}

static void
take_answer(struct hf_intake *in, struct hf_sv id, struct hf_sv value)
{
	if (hf_sv_starts(id, HF_SV("news2."))) {
		take_news2(in, hf_sv_from_at(id, 6), value);
		return;
	}
	for (size_t i = 0; i < hf_n_intake_items; i++)
		if (hf_sv_eq(id, hf_sv_from(hf_intake_items[i].path))) {
			take_item(in, &hf_intake_items[i], value);
			return;
		}
}

void
hf_intake_from_answers(const struct hf_json *doc, struct hf_arena *arena,
		       struct hf_intake *out)
{
	uint32_t items = hf_json_member(doc, 0, "item");

	*out = (struct hf_intake){0};
	for (size_t i = 0; i < hf_n_intake_items; i++)
		if (hf_intake_items[i].kind == HF_ITEM_NUMBER ||
		    hf_intake_items[i].kind == HF_ITEM_YES)
			*hf_intake_number(out, &hf_intake_items[i]) = -1;
	if (items == HF_JSON_NONE || hf_json_type(doc, items) != HF_JSON_ARRAY)
		return;
	for (uint32_t c = items + 1; c < doc->nodes[items].next; c = doc->nodes[c].next)
		take_answer(out, hf_dig_text(doc, c, "linkId", arena),
			    hf_dig_text(doc, c,
					"answer.valueString|answer.valueBoolean|"
					"answer.valueInteger",
					arena));
}
