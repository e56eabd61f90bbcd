/* index.c - facts of a resource, by a plan for each type. */
#include "record/index.h"

#include <sodium.h>

enum { TYPES = 256, SLOTS_MOST = 24, DATES_MOST = 3, PEOPLE_MOST = 12 };

struct slot {
	uint32_t number;
	enum hf_index_kind kind;
	const struct hf_sp *sp;
};

struct plan {
	struct slot slots[SLOTS_MOST]; /* lines of one parameter stand together */
	unsigned n_slots;
	const struct hf_sp *dates[DATES_MOST], *code;
	const struct hf_sp *people[PEOPLE_MOST];
	bool personal;
};

static struct plan plans[TYPES];
static hf_type_id patient_type, provenance_type;

/* The first of these that a type has tells when it happened. */
static const char *const date_params[] = {
    "date",	      "onset-date",	"recorded-date", "authoredon", "authored-on",
    "authored",	      "effective-time", "effective",	 "period",     "start-date",
    "whenhandedover", "whenprepared",	"started",	 "identified", "sent",
    "occurrence",     "start",		"issued",	 "created",    "asserted-date",
    "birthdate",      "recorded"};
static const char *const code_params[] = {"code", "vaccine-code", "type", "category"};

static uint64_t
hash(const void *p, size_t n, unsigned char purpose)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = "homefirst index";
	unsigned char k[sizeof key];
	uint64_t out;

	memcpy(k, key, sizeof k);
	k[15] = purpose;
	crypto_shorthash((unsigned char *)&out, p, n, k);
	return out;
}

static const struct hf_sp *
find_sp(hf_type_id type, const char *code)
{
	return hf_sp_find(type, hf_sv_from(code));
}

static void
plan_people(struct plan *p, hf_type_id type)
{
	static const char *const first[] = {"patient", "subject", "beneficiary"};
	const char *const *codes = hf_compartment_params(type);
	unsigned n = 0;

	static const char *const patient[] = {"patient", NULL};

	/* The compartment leaves out Task, Device and others that do have one. */
	if (!codes && find_sp(type, "patient"))
		codes = patient;
	if (!codes || type == patient_type)
		return;
	p->personal = true;
	/* "subject" asks for any target: a reference that a change has yet to resolve
	 * does not tell its type. */
	for (size_t i = 0; i < HF_COUNT(first); i++) {
		const struct hf_sp *sp = find_sp(type, first[i]);

		if (sp && sp->kind == HF_SP_REFERENCE)
			p->people[n++] = sp;
	}
	for (const char *const *c = codes; *c && n < PEOPLE_MOST; c++) {
		const struct hf_sp *sp = find_sp(type, *c);
		bool known = false;

		for (unsigned i = 0; i < n; i++)
			known |= p->people[i] == sp;
		if (!known)
			p->people[n++] = sp;
	}
}

static void
plan_dates_and_code(struct plan *p, hf_type_id type)
{
	unsigned n = 0;

	for (size_t i = 0; i < HF_COUNT(date_params) && n < DATES_MOST; i++) {
		const struct hf_sp *sp = find_sp(type, date_params[i]);

		if (sp && sp->kind == HF_SP_DATE)
			p->dates[n++] = sp;
	}
	for (size_t i = 0; i < HF_COUNT(code_params) && !p->code; i++) {
		const struct hf_sp *sp = find_sp(type, code_params[i]);

		if (sp && sp->kind == HF_SP_TOKEN)
			p->code = sp;
	}
}

enum hf_rc
hf_index_setup(struct hf_err *err)
{
	patient_type = hf_resource_find(HF_SV("Patient"));
	provenance_type = hf_resource_find(HF_SV("Provenance"));
	assert(hf_n_resource_types < TYPES);
	memset(plans, 0, sizeof plans);
	for (hf_type_id t = 1; t <= hf_n_resource_types; t++) {
		plan_people(&plans[t], t);
		plan_dates_and_code(&plans[t], t);
	}
	for (size_t i = 0; i < hf_n_index_pairs; i++) {
		const struct hf_index_pair *pair = &hf_index_pairs[i];
		hf_type_id type = hf_resource_find(hf_sv_from(pair->type));
		const struct hf_sp *sp = type ? find_sp(type, pair->param) : NULL;
		struct plan *p = &plans[type];

		if (!sp || p->n_slots == SLOTS_MOST)
			return hf_fail(err, HF_FAULT, "definitions/search-index",
				       "slot %u: R4 has no search parameter %s of %s, "
				       "or too many lines for the type",
				       pair->slot, pair->param, pair->type);
		p->slots[p->n_slots++] = (struct slot){pair->slot, pair->kind, sp};
	}
	return HF_OK;
}

bool
hf_type_is_personal(hf_type_id type)
{
	return type == patient_type || plans[type].personal;
}

const struct hf_sp *
hf_main_date(hf_type_id type, unsigned k)
{
	return k < DATES_MOST ? plans[type].dates[k] : NULL;
}

const struct hf_sp *
hf_main_code(hf_type_id type)
{
	return plans[type].code;
}

hf_type_id
hf_index_type(uint32_t slot)
{
	for (size_t i = 0; i < hf_n_index_pairs; i++)
		if (hf_index_pairs[i].slot == slot)
			return hf_resource_find(hf_sv_from(hf_index_pairs[i].type));
	return 0;
}

uint32_t
hf_index_slot(hf_type_id type, struct hf_sv param)
{
	const struct plan *p = &plans[type];

	for (unsigned i = 0; i < p->n_slots; i++)
		if (hf_sv_eq(hf_sv_from(p->slots[i].sp->code), param))
			return p->slots[i].number;
	return 0;
}

/* Big-endian bytes shifted into the order of signed numbers. */
static int64_t
packed(struct hf_sv s, unsigned char fill)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++)
		v = v << 8 | (i < s.n ? (unsigned char)s.p[i] : fill);
	return (int64_t)(v ^ 0x8000000000000000u);
}

int64_t
hf_index_string(struct hf_sv folded)
{
	return packed(folded, 0);
}

int64_t
hf_index_string_end(struct hf_sv folded)
{
	return packed(folded, 0xff);
}

int64_t
hf_index_token(struct hf_sv system, struct hf_sv code, bool any_system)
{
	char text[256];
	size_t n = 0;

	if (!any_system) {
		n = system.n < 120 ? system.n : 120;
		memcpy(text, system.p, n);
		text[n++] = '|';
	}
	for (size_t i = 0; i < code.n && n < sizeof text; i++) {
		char c = code.p[i];

		if (c == ' ' || c == '-')
			continue;
		text[n++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	return (int64_t)hash(text, n, 't');
}

int64_t
hf_index_reference(hf_type_id type, struct hf_sv id)
{
	char text[2 + 64];
	size_t n = id.n < 64 ? id.n : 64;

	memcpy(text, &type, 2);
	memcpy(text + 2, id.p, n);
	return (int64_t)hash(text, n + 2, 'r');
}

uint64_t
hf_code_sig(struct hf_sv code)
{
	char text[128];
	size_t n = code.n < sizeof text ? code.n : sizeof text;
	uint64_t h;

	/* Case is for the test of the code itself: most systems do not mind it. */
	for (size_t i = 0; i < n; i++)
		text[i] = (char)(code.p[i] >= 'A' && code.p[i] <= 'Z' ? code.p[i] + 32
								      : code.p[i]);
	h = hash(text, n, 's');
	return (uint64_t)1 << (h & 63) | (uint64_t)1 << (h >> 8 & 63) |
	       (uint64_t)1 << (h >> 16 & 63) | (uint64_t)1 << (h >> 24 & 63);
}

struct rows {
	struct hf_arena *arena;
	struct hf_ix_row *items;
	size_t n, size;
	bool failed;
};

static void
add_row(struct rows *rows, uint32_t slot, int64_t value)
{
	for (size_t i = rows->n; i-- > 0 && rows->items[i].slot == slot;)
		if (rows->items[i].value == value)
			return;
	if (rows->n == rows->size) {
		size_t size = rows->size ? rows->size * 2 : 8;
		struct hf_ix_row *items =
		    hf_arena_alloc(rows->arena, size * sizeof *items);

		if (!items) {
			rows->failed = true;
			return;
		}
		if (rows->n)
			memcpy(items, rows->items, rows->n * sizeof *items);
		rows->items = items;
		rows->size = size;
	}
	rows->items[rows->n++] = (struct hf_ix_row){slot, value};
}

static void
add_reference(struct rows *rows, uint32_t slot, const struct hf_spv *v)
{
	if (v->ref_type && v->code.n)
		add_row(rows, slot,
			hf_index_reference(
			    v->ref_type,
			    (struct hf_sv){v->code.p, hf_sv_find(v->code, '|')}));
	else if (v->text.n)
		add_row(rows, slot,
			hf_index_token(
			    (struct hf_sv){0},
			    (struct hf_sv){v->text.p, hf_sv_find(v->text, '|')}, true));
}

/* The row of one value in one slot, when that slot takes it. */
static void
add_value(struct rows *rows, const struct slot *slot, const struct hf_spv *v,
	  struct hf_sv own_id)
{
	bool brief = v->date.hi != HF_TIME_MAX && v->date.lo != HF_TIME_MIN &&
		     v->date.hi - v->date.lo <= HF_INDEX_SHORT;

	switch (slot->kind) {
	case HF_INDEX_TOKEN:
		if (v->code.n && !hf_sv_eq(v->code, own_id))
			add_row(rows, slot->number,
				hf_index_token((struct hf_sv){0}, v->code, true));
		break;
	case HF_INDEX_STRING:
		add_row(rows, slot->number,
			hf_index_string(hf_fold(v->text, rows->arena)));
		break;
	case HF_INDEX_DATE:
		if (brief)
			add_row(rows, slot->number, v->date.lo);
		break;
	case HF_INDEX_DATE_LONG:
		if (!brief)
			add_row(rows, slot->number, v->date.hi);
		break;
	case HF_INDEX_REFERENCE:
		add_reference(rows, slot->number, v);
		break;
	case HF_INDEX_URI:
		if (v->text.n)
			add_row(rows, slot->number,
				hf_index_token((struct hf_sv){0}, v->text, true));
		break;
	}
}

/* The values of a parameter are asked once for all its slots, and for the date,
 * the code and the people where they are the same parameter. */
struct values {
	const struct hf_sp *sp;
	struct hf_spvs list;
};

struct reading {
	hf_type_id type;
	const struct hf_json *doc;
	uint32_t node;
	struct hf_sv id;
	struct hf_arena *arena;
	struct hf_err *err;
	struct values kept[SLOTS_MOST];
	unsigned n_kept;
};

static enum hf_rc
values_of(struct reading *r, const struct hf_sp *sp, struct hf_spvs *out)
{
	enum hf_rc rc;

	for (unsigned i = 0; i < r->n_kept; i++) {
		if (r->kept[i].sp == sp) {
			*out = r->kept[i].list;
			return HF_OK;
		}
	}
	*out = (struct hf_spvs){0};
	rc = hf_sp_values(sp, r->doc, r->node, r->arena, out, r->err);
	if (rc == HF_OK && r->n_kept < HF_COUNT(r->kept))
		r->kept[r->n_kept++] = (struct values){sp, *out};
	return rc;
}

static enum hf_rc
read_rows(struct reading *r, const struct plan *p, struct hf_facts *out)
{
	struct rows rows = {.arena = r->arena};

	for (unsigned i = 0; i < p->n_slots; i++) {
		struct hf_spvs list;
		enum hf_rc rc = values_of(r, p->slots[i].sp, &list);

		if (rc != HF_OK)
			return rc;
		for (size_t k = 0; k < list.n; k++)
			add_value(&rows, &p->slots[i], &list.items[k], r->id);
	}
	if (rows.failed)
		return hf_fail(r->err, HF_TOO_LONG, NULL,
			       "the resource has too many values to index");
	out->rows = rows.items;
	out->n_rows = rows.n;
	return HF_OK;
}

static enum hf_rc
read_date(struct reading *r, const struct plan *p, struct hf_facts *out)
{
	for (unsigned i = 0; i < DATES_MOST && p->dates[i]; i++) {
		struct hf_spvs list;
		enum hf_rc rc = values_of(r, p->dates[i], &list);

		if (rc != HF_OK)
			return rc;
		for (size_t k = 0; k < list.n; k++) {
			const struct hf_date *d = &list.items[k].date;
			/* A period without a start is kept by its end. */
			hf_time lo = d->lo == HF_TIME_MIN ? d->hi - 1 : d->lo;

			if (k == 0 || lo < out->lo)
				out->lo = lo;
			if (k == 0 || d->hi > out->hi)
				out->hi = d->hi;
		}
		if (list.n > 0)
			return HF_OK;
	}
	return HF_OK;
}

static enum hf_rc
read_sig(struct reading *r, const struct plan *p, struct hf_facts *out)
{
	struct hf_spvs list = {0};
	enum hf_rc rc = HF_OK;

	if (p->code)
		rc = values_of(r, p->code, &list);
	for (size_t k = 0; rc == HF_OK && k < list.n; k++)
		if (list.items[k].code.n)
			out->sig |= hf_code_sig(list.items[k].code);
	return rc;
}

static void
add_patient(struct hf_people *out, struct hf_sv id)
{
	for (size_t i = 0; i < out->n; i++)
		if (hf_sv_eq(out->patients[i], id))
			return;
	if (out->n < HF_PEOPLE_MOST)
		out->patients[out->n++] = id;
}

/* What a Provenance is about decides whose it is when it names no Patient. */
static struct hf_sv
first_target(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	uint32_t targets = hf_json_member(doc, node, "target");
	uint32_t first = hf_json_at(doc, targets, 0);

	return hf_json_str(doc, hf_json_member(doc, first, "reference"), arena);
}

static bool
may_be_patient(const struct hf_spv *v)
{
	return v->ref_type == patient_type || hf_sv_starts(v->text, HF_SV("urn:")) ||
	       hf_sv_starts(v->text, HF_SV("Patient?"));
}

struct hf_sv
hf_patient_of(struct hf_sv reference)
{
	struct hf_sv rest = reference, id;

	if (!hf_sv_is(hf_sv_cut(&rest, '/'), "Patient"))
		return (struct hf_sv){0};
	id = hf_sv_cut(&rest, '/');
	if (rest.n && !hf_sv_starts(rest, HF_SV("_history/")))
		return (struct hf_sv){0};
	return id;
}

enum hf_rc
hf_people_of(hf_type_id type, const struct hf_json *doc, uint32_t node,
	     struct hf_arena *arena, struct hf_people *out, struct hf_err *err)
{
	const struct plan *p = &plans[type];
	struct hf_people people = {0};

	for (unsigned i = 0; i < PEOPLE_MOST && p->people[i]; i++) {
		struct hf_spvs list = {0};
		enum hf_rc rc =
		    hf_sp_values(p->people[i], doc, node, arena, &list, err);

		if (rc != HF_OK)
			return rc;
		if (list.n > 0 && !people.patients)
			people.patients = hf_arena_array(arena, HF_PEOPLE_MOST,
							 sizeof *people.patients);
		if (list.n > 0 && !people.patients)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "the resource names too many people");
		for (size_t k = 0; k < list.n; k++) {
			const struct hf_spv *v = &list.items[k];

			if (v->text.n && may_be_patient(v))
				add_patient(&people, v->text);
		}
	}
	if (type == provenance_type && people.n == 0)
		people.target = first_target(doc, node, arena);
	*out = people;
	return HF_OK;
}

enum hf_rc
hf_facts_of(hf_type_id type, const struct hf_json *doc, uint32_t node, struct hf_sv id,
	    struct hf_arena *arena, struct hf_facts *out, struct hf_err *err)
{
	struct reading r = {.type = type,
			    .doc = doc,
			    .node = node,
			    .id = id,
			    .arena = arena,
			    .err = err};
	const struct plan *p = &plans[type];
	struct hf_facts facts = {0};
	enum hf_rc rc = read_rows(&r, p, &facts);

	if (rc == HF_OK)
		rc = read_date(&r, p, &facts);
	if (rc == HF_OK)
		rc = read_sig(&r, p, &facts);
	if (rc != HF_OK)
		return rc;
	*out = facts;
	return HF_OK;
}
