/* record.c - the rows of the record: conditions, values, medicines, and the end. */
#include "population/record.h"

#include <stdlib.h>

#include "population/feed.h"
#include "population/map.h"
#include "population/record_int.h"

const char hf_record_types[] =
    "Patient Encounter Condition MedicationRequest Observation "
    "Procedure EpisodeOfCare Flag Task";

static const struct {
	struct hf_sv sct;
	const char *code;
} conditions[] =
    {
#define HF_REC_CONDITION(sct, code) {{sct, sizeof(sct) - 1}, code},
#define HF_REC_VALUE(sct, code)
#define HF_REC_CONTACT(sct, setting, cls)
#include "population/record_code.def"
#undef HF_REC_CONDITION
#undef HF_REC_VALUE
},
  values[] = {
#define HF_REC_CONDITION(sct, code)
#define HF_REC_VALUE(sct, code) {{sct, sizeof(sct) - 1}, code},
#include "population/record_code.def"
#undef HF_REC_CONDITION
#undef HF_REC_VALUE
#undef HF_REC_CONTACT
};

/* ---- reading ---- */

static uint32_t
first(const struct hf_json *d, uint32_t node)
{
	while (node != HF_JSON_NONE && hf_json_type(d, node) == HF_JSON_ARRAY)
		node = hf_json_at(d, node, 0);
	return node;
}

uint32_t
hf_record_at(const struct hf_json *d, uint32_t node, const char *path)
{
	struct hf_sv rest = hf_sv_from(path);

	while (rest.n && node != HF_JSON_NONE)
		node = hf_json_get(d, first(d, node), hf_sv_cut(&rest, '.'));
	return node;
}

struct hf_sv
hf_record_text(struct hf_record_rows *r, const struct hf_json *d, uint32_t node,
	       const char *path)
{
	return hf_json_str(d, first(d, hf_record_at(d, node, path)), r->arena);
}

struct hf_sv
hf_record_code(struct hf_record_rows *r, const struct hf_json *d, uint32_t concept,
	       const char *end)
{
	uint32_t list;

	concept = first(d, concept);
	list = hf_json_get(d, concept, HF_SV("coding"));
	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t c = hf_json_at(d, list, i);
		struct hf_sv system =
		    hf_json_str(d, hf_json_member(d, c, "system"), r->arena);

		if (hf_sv_ends(system, hf_sv_from(end)))
			return hf_json_str(d, hf_json_member(d, c, "code"), r->arena);
	}
	return (struct hf_sv){NULL, 0};
}

struct hf_sv
hf_record_extension(struct hf_record_rows *r, const struct hf_json *d, uint32_t node,
		    const char *end)
{
	uint32_t list = hf_json_get(d, first(d, node), HF_SV("extension"));

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t x = hf_json_at(d, list, i);
		struct hf_sv url =
		    hf_json_str(d, hf_json_member(d, x, "url"), r->arena);

		if (hf_sv_ends(url, hf_sv_from(end)))
			return hf_record_text(r, d, x,
					      "valueCodeableConcept.coding.code");
	}
	return (struct hf_sv){NULL, 0};
}

bool
hf_record_when(struct hf_sv text, uint16_t *day, uint16_t *minute)
{
	struct hf_date date;
	struct hf_civil c;
	int64_t n;

	if (text.n == 0 || !hf_date_parse(text, false, &date))
		return false;
	n = hf_london_day(date.lo) - HF_POP_DAY_ZERO;
	if (n < 0 || n >= HF_POP_NONE)
		return false;
	c = hf_london_civil(date.lo);
	*day = (uint16_t)n;
	*minute = date.precision < HF_PREC_MINUTE ? HF_POP_NONE
						  : (uint16_t)(c.hour * 60 + c.minute);
	return true;
}

uint16_t
hf_record_own_code(struct hf_record_rows *r, enum hf_pop_kind kind, struct hf_sv text)
{
	uint16_t code = 0;

	if (text.n > 64)
		text.n = 64;
	if (hf_pop_own_code(&r->own, r->arena, kind, text, &code, NULL) != HF_OK)
		r->full = true;
	return code;
}

struct hf_sv
hf_record_ods(struct hf_record_rows *r, struct hf_sv reference)
{
	if (reference.n == 0 || !r->known->ods)
		return (struct hf_sv){NULL, 0};
	return r->known->ods(r->known->ctx, reference);
}

struct hf_record_event *
hf_record_event(struct hf_record_rows *r)
{
	struct hf_record_event *e = HF_NEW(r->arena, struct hf_record_event);

	if (!e) {
		r->full = true;
		return NULL;
	}
	e->e = (struct hf_pop_event){.minute = HF_POP_NONE,
				     .end_minute = HF_POP_NONE,
				     .wait = HF_POP_NONE,
				     .flags = HF_POP_F_RECORD};
	e->next = r->events;
	r->events = e;
	r->n_events++;
	return e;
}

/* ---- conditions ---- */

void
hf_record_has(struct hf_record_rows *r, struct hf_sv code, uint16_t from, uint16_t to)
{
	struct hf_record_cond *c = HF_NEW(r->arena, struct hf_record_cond);

	if (!c) {
		r->full = true;
		return;
	}
	c->c = (struct hf_pop_condition){
	    .code = hf_record_own_code(r, HF_POP_CONDITION, code),
	    .from = from,
	    .to = to};
	c->next = r->conds;
	r->conds = c;
	r->n_conds++;
}

static bool
coded(struct hf_record_rows *r, struct hf_sv sct, uint16_t from, uint16_t to)
{
	const struct hf_code_lists *lists = r->known->codes;
	const struct hf_code_item *item;
	size_t n = hf_code_lists_find(lists, HF_REF_SNOMED, sct, &item);
	bool any = n > 0;

	for (size_t i = 0; i < n; i++)
		hf_record_has(r, item[i].condition, from, to);
	for (size_t i = 0; i < HF_COUNT(conditions); i++) {
		struct hf_sv code = hf_sv_from(conditions[i].code);

		/* A list takes the place of what comes with the program. */
		if (!hf_sv_eq(conditions[i].sct, sct) ||
		    hf_code_lists_has(lists, HF_REF_SNOMED, code))
			continue;
		hf_record_has(r, code, from, to);
		any = true;
	}
	return any;
}

/* A dissent from secondary use, or its withdrawal: the newest counts.  Of two at one
 * time the dissent does. */
static void
type1(struct hf_record_rows *r, struct hf_sv sct, struct hf_sv at)
{
	bool dissent = hf_sv_is(sct, "827241000000103");
	struct hf_date date;

	if ((!dissent && !hf_sv_is(sct, "827261000000102")) ||
	    !hf_date_parse(at, false, &date) || date.lo < r->type1_at ||
	    (date.lo == r->type1_at && !dissent))
		return;
	r->type1_at = date.lo;
	r->type1 = dissent;
}

static bool
refuted(struct hf_record_rows *r, const struct hf_json *d)
{
	return hf_sv_among(hf_record_text(r, d, 0, "verificationStatus.coding.code"),
			   "entered-in-error refuted");
}

static void
take_condition(struct hf_record_rows *r, const struct hf_json *d)
{
	struct hf_record_condition *known;
	uint32_t concept = hf_json_member(d, 0, "code");
	struct hf_sv sct = hf_record_code(r, d, concept, "/sct");
	struct hf_sv icd = hf_record_code(r, d, concept, "icd-10");
	struct hf_sv onset = hf_record_text(r, d, 0, "onsetDateTime");
	uint16_t from = 0, to = HF_POP_NONE, minute;
	char text[8];

	if (refuted(r, d))
		return;
	if (onset.n == 0)
		onset = hf_record_text(r, d, 0, "recordedDate");
	type1(r, sct, onset);
	hf_record_when(onset, &from, &minute);
	hf_record_when(hf_record_text(r, d, 0, "abatementDateTime"), &to, &minute);
	coded(r, sct, from, to);
	known = HF_NEW(r->arena, struct hf_record_condition);
	if (!known) {
		r->full = true;
		return;
	}
	known->id = hf_record_text(r, d, 0, "id");
	known->icd10 = hf_record_own_code(r, HF_POP_ICD10, hf_feed_icd10(icd, text));
	known->next = r->conditions;
	r->conditions = known;
}

static void
take_flag(struct hf_record_rows *r, const struct hf_json *d)
{
	struct hf_sv sct = hf_record_code(r, d, hf_json_member(d, 0, "code"), "/sct");
	uint16_t from = 0, to = HF_POP_NONE, minute;

	if (hf_sv_is(hf_record_text(r, d, 0, "status"), "entered-in-error"))
		return;
	hf_record_when(hf_record_text(r, d, 0, "period.start"), &from, &minute);
	hf_record_when(hf_record_text(r, d, 0, "period.end"), &to, &minute);
	coded(r, sct, from, to);
	if (hf_sv_is(sct, "160689007") && to == HF_POP_NONE)
		r->own.person.flags |= HF_POP_P_HOUSEBOUND;
}

/* ---- values and medicines ---- */

static void
take_observation(struct hf_record_rows *r, const struct hf_json *d)
{
	struct hf_sv sct = hf_record_code(r, d, hf_json_member(d, 0, "code"), "/sct");
	struct hf_sv at = hf_record_text(r, d, 0, "effectiveDateTime");
	uint32_t number = hf_record_at(d, 0, "valueQuantity.value");
	struct hf_record_value *v;
	uint16_t day, minute;
	int64_t milli;
	size_t i = 0;

	if (!hf_sv_among(hf_record_text(r, d, 0, "status"), "final amended corrected"))
		return;
	type1(r, sct, at);
	while (i < HF_COUNT(values) && !hf_sv_eq(values[i].sct, sct))
		i++;
	if (number == HF_JSON_NONE)
		number = hf_json_member(d, 0, "valueInteger");
	if (i == HF_COUNT(values) || number == HF_JSON_NONE ||
	    !hf_record_when(at, &day, &minute) ||
	    !hf_map_milli(hf_json_raw(d, number), &milli) || milli > INT32_MAX ||
	    milli < INT32_MIN)
		return;
	v = HF_NEW(r->arena, struct hf_record_value);
	if (!v) {
		r->full = true;
		return;
	}
	v->v = (struct hf_pop_value){
	    .code = hf_record_own_code(r, HF_POP_VALUE, hf_sv_from(values[i].code)),
	    .day = day,
	    .milli = (int32_t)milli};
	v->next = r->values;
	r->values = v;
	r->n_values++;
}

/* By the BNF where the record has it, else by the product: what counts is whether two
 * medicines are the same. */
static void
take_medicine(struct hf_record_rows *r, const struct hf_json *d)
{
	uint32_t concept = hf_json_member(d, 0, "medicationCodeableConcept");
	struct hf_sv code = hf_record_code(r, d, concept, "bnf");
	struct hf_record_event *e;
	uint16_t day, minute;

	if (!hf_sv_among(hf_record_text(r, d, 0, "status"),
			 "active completed on-hold stopped") ||
	    !hf_record_when(hf_record_text(r, d, 0, "authoredOn"), &day, &minute))
		return;
	if (code.n == 0)
		code = hf_record_text(r, d, concept, "coding.code");
	if (code.n == 0)
		code = hf_record_text(r, d, concept, "text");
	e = hf_record_event(r);
	if (!e)
		return;
	e->e.day = day;
	e->e.minute = minute;
	e->e.setting = HF_POP_RX;
	e->e.proc = hf_record_own_code(r, HF_POP_PROC, code);
}

static void
take_procedure(struct hf_record_rows *r, const struct hf_json *d)
{
	if (!hf_sv_is(hf_record_text(r, d, 0, "status"), "entered-in-error"))
		type1(r, hf_record_code(r, d, hf_json_member(d, 0, "code"), "/sct"),
		      hf_record_text(r, d, 0, "performedDateTime"));
}

/* ---- all ---- */

struct hf_record_rows *
hf_record_rows_new(struct hf_arena *arena, const struct hf_record_known *known)
{
	struct hf_record_rows *r = HF_NEW(arena, struct hf_record_rows);

	if (!r)
		return NULL;
	r->arena = arena;
	r->known = known;
	r->type1_at = HF_TIME_MIN;
	r->own.person = (struct hf_pop_person){.birth = INT16_MIN,
					       .death_day = HF_POP_NONE,
					       .flags = HF_POP_P_FROM_RECORD};
	return r;
}

enum hf_rc
hf_record_rows_take(struct hf_record_rows *r, const struct hf_json *doc,
		    struct hf_err *err)
{
	static const struct {
		const char *type;
		void (*take)(struct hf_record_rows *r, const struct hf_json *d);
	} types[] = {
	    {"Patient", hf_record_patient},
	    {"Encounter", hf_record_encounter},
	    {"Condition", take_condition},
	    {"MedicationRequest", take_medicine},
	    {"Observation", take_observation},
	    {"Procedure", take_procedure},
	    {"EpisodeOfCare", hf_record_episode},
	    {"Flag", take_flag},
	    {"Task", hf_record_task},
	};
	struct hf_sv type = hf_record_text(r, doc, 0, "resourceType");

	for (size_t i = 0; i < HF_COUNT(types); i++)
		if (hf_sv_eq(type, hf_sv_from(types[i].type)))
			types[i].take(r, doc);
	return r->full ? hf_fail(err, HF_TOO_LONG, NULL, "the record is too large")
		       : HF_OK;
}

bool
hf_record_rows_nhs(const struct hf_record_rows *r, struct hf_nhs *out)
{
	if (r->has_nhs)
		*out = r->nhs;
	return r->has_nhs;
}
