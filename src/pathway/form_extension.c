/* form_extension.c - what forms say in extensions: bounds, units, what is reckoned, the
 * score. */
#include "pathway/form_int.h"

#define HL7 "http://hl7.org/fhir/StructureDefinition/"
#define SDC "http://hl7.org/fhir/uv/sdc/StructureDefinition/"

enum extension {
	EXT_SCORE,
	EXT_WORDING,
	EXT_MIN,
	EXT_MAX,
	EXT_MIN_QUANTITY,
	EXT_MAX_QUANTITY,
	EXT_PLACES,
	EXT_UNIT,
	EXT_UNIT_OPTION,
	EXT_CONTROL,
	EXT_RECKONED,
	EXTENSIONS
};

static const char *const extensions[EXTENSIONS] = {
    [EXT_SCORE] = HF_QN_BASE "StructureDefinition/form-score",
    [EXT_WORDING] = HF_QN_BASE "StructureDefinition/form-wording",
    [EXT_MIN] = HL7 "minValue",
    [EXT_MAX] = HL7 "maxValue",
    [EXT_MIN_QUANTITY] = SDC "sdc-questionnaire-minQuantity",
    [EXT_MAX_QUANTITY] = SDC "sdc-questionnaire-maxQuantity",
    [EXT_PLACES] = HL7 "maxDecimalPlaces",
    [EXT_UNIT] = HL7 "questionnaire-unit",
    [EXT_UNIT_OPTION] = HL7 "questionnaire-unitOption",
    [EXT_CONTROL] = HL7 "questionnaire-itemControl",
    [EXT_RECKONED] = SDC "sdc-questionnaire-calculatedExpression",
};

static int
extension_of(struct hf_qn_load *l, uint32_t node)
{
	const char *url = hf_doc_text(&l->d, node, "url", true);

	for (int i = 0; i < EXTENSIONS; i++)
		if (strcmp(url, extensions[i]) == 0)
			return i;
	hf_doc_wrong(&l->d, node, "forms here do not know the extension \"%s\"", url);
	return -1;
}

static void
load_bound(struct hf_qn_load *l, uint32_t node, const struct hf_qn_item *item,
	   bool quantity, struct hf_qn_value *out)
{
	const char *wrong =
	    quantity != (item->type == HF_QN_QUANTITY)
		? "a quantity has minQuantity and maxQuantity, others minValue and "
		  "maxValue"
		: hf_qn_value_any(&l->d.json, node, "value", item->type, l->d.arena,
				  out);

	if (wrong && !*wrong &&
	    (out->kind == HF_QN_NUMBER || out->kind == HF_QN_MEASURE ||
	     out->kind == HF_QN_MOMENT))
		return;
	out->kind = HF_QN_NOTHING;
	hf_doc_wrong(&l->d, node, "%s",
		     wrong && *wrong ? wrong
				     : "a bound is a number, a quantity or a date");
}

static void
load_reckoned(struct hf_qn_load *l, uint32_t node, struct hf_qn_item *item)
{
	struct hf_sv age = HF_SV("age");
	struct hf_path_rules rules = {
	    .context = hf_resource_find(HF_SV("QuestionnaireResponse")),
	    .vars = &age,
	    .n_vars = 1};
	uint32_t e =
	    hf_doc_member(&l->d, node, "valueExpression", HF_JSON_OBJECT, true);
	struct hf_err err = {0};

	if (e == HF_JSON_NONE)
		return;
	if (strcmp(hf_doc_text(&l->d, e, "language", true), "text/fhirpath") != 0)
		hf_doc_wrong(&l->d, e, "the language is text/fhirpath");
	else if (item->reckoned)
		hf_doc_wrong(&l->d, e, "an item is reckoned in one way");
	else if (hf_path_compile_for(
		     hf_sv_from(hf_doc_text(&l->d, e, "expression", true)), &rules,
		     &item->reckoned, &err) != HF_OK)
		hf_doc_wrong(&l->d, e, "%s", err.text);
	if (!item->read_only || item->repeats || item->looped)
		hf_doc_wrong(&l->d, e,
			     "what is reckoned is readOnly and does not repeat");
}

static void
load_unit(struct hf_qn_load *l, uint32_t node, struct hf_qn_item *item, size_t room)
{
	if (item->type != HF_QN_QUANTITY && item->type != HF_QN_DECIMAL &&
	    item->type != HF_QN_INTEGER) {
		hf_doc_wrong(&l->d, node, "only a number has a unit");
		return;
	}
	if (!item->units)
		item->units = hf_doc_room(&l->d, room, sizeof *item->units);
	if (!item->units)
		return;
	const char *wrong = hf_qn_value_any(&l->d.json, node, "value", HF_QN_CHOICE,
					    l->d.arena, &item->units[item->n_units++]);

	if (!wrong || *wrong)
		hf_doc_wrong(&l->d, node, "a unit is a valueCoding with its code");
}

void
hf_qn_load_extensions(struct hf_qn_load *l, uint32_t node, struct hf_qn_item *item)
{
	uint32_t list = hf_doc_member(&l->d, node, "extension", HF_JSON_ARRAY, false);

	HF_DOC_EACH(&l->d, c, list)
	{
		switch (extension_of(l, c)) {
		case EXT_MIN:
			load_bound(l, c, item, false, &item->min);
			break;
		case EXT_MAX:
			load_bound(l, c, item, false, &item->max);
			break;
		case EXT_MIN_QUANTITY:
			load_bound(l, c, item, true, &item->min);
			break;
		case EXT_MAX_QUANTITY:
			load_bound(l, c, item, true, &item->max);
			break;
		case EXT_PLACES:
			item->places =
			    (int)hf_doc_int(&l->d, c, "valueInteger", 0, 8, -1);
			break;
		case EXT_UNIT:
		case EXT_UNIT_OPTION:
			load_unit(l, c, item, hf_json_count(&l->d.json, list));
			break;
		case EXT_RECKONED:
			load_reckoned(l, c, item);
			break;
		case EXT_SCORE:
			hf_doc_wrong(&l->d, c, "the form as a whole has a score");
			break;
		default:
			break;
		}
	}
	if (item->min.kind && item->max.kind &&
	    hf_qn_value_cmp(&item->min, &item->max) > 0)
		hf_doc_wrong(&l->d, node, "the least value is above the greatest");
}

/* "https://homefirst.example/score/news2|1.0.0" */
void
hf_qn_load_score(struct hf_qn_load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "extension", HF_JSON_ARRAY, false);
	static const char base[] = HF_QN_BASE "score/";

	l->q->score = l->q->score_version = "";
	HF_DOC_EACH(&l->d, c, list)
	{
		int found = extension_of(l, c);
		struct hf_sv id, version;

		if (found == EXT_WORDING || found < 0)
			continue;
		if (found != EXT_SCORE) {
			hf_doc_wrong(&l->d, c, "this extension is for items");
			continue;
		}
		version = hf_sv_from(hf_doc_text(&l->d, c, "valueCanonical", true));
		if (!hf_sv_starts(version, hf_sv_from(base))) {
			hf_doc_wrong(&l->d, c, "expected \"%sID|VERSION\"", base);
			continue;
		}
		version = hf_sv_from_at(version, sizeof base - 1);
		id = hf_sv_cut(&version, '|');
		l->q->score = hf_arena_cstr(l->d.arena, id);
		l->q->score_version =
		    hf_arena_cstr(l->d.arena, version.n ? version : HF_SV(""));
		if (!l->q->score || !l->q->score_version) {
			l->d.full = true;
			l->q->score = l->q->score_version = "";
		}
	}
}
