/* search_match.c - whether a resource meets the tests of a search.
 *
 * hf_sp_test_match() decides.  Before it the two tests that nearly every search of
 * a record has, "the subject is this person" and "the code is this one", are tried
 * on the nodes themselves; that can only say yes, all else goes to the full test. */
#include "record/io/search_int.h"

/* The element of an expression "Type.element" with nothing behind it, or with the
 * where() that patient parameters have; n 0 for others. */
static struct hf_sv
plain_element(const struct hf_sp *sp, bool *only_patient)
{
	struct hf_sv rest = hf_sv_from(sp->expression), type = hf_sv_cut(&rest, '.');
	struct hf_sv where = HF_SV(".where(resolve() is Patient)");

	*only_patient = hf_sv_ends(rest, where);
	if (*only_patient)
		rest.n -= where.n;
	if (!hf_sv_eq(type, hf_sv_from(hf_type_get(sp->type)->name)))
		return HF_SV("");
	for (size_t i = 0; i < rest.n; i++) {
		char c = rest.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return HF_SV("");
	}
	return rest;
}

static bool
plain_string(const struct hf_json *doc, uint32_t node, struct hf_sv *out)
{
	if (node == HF_JSON_NONE || hf_json_type(doc, node) != HF_JSON_STRING ||
	    doc->nodes[node].escaped)
		return false;
	*out = hf_json_raw(doc, node);
	return true;
}

static struct hf_sv
name_of(hf_type_id type)
{
	return hf_sv_from(hf_type_get(type)->name);
}

static bool
surely_refers(const struct hf_sp_test *t, const struct hf_json *doc, uint32_t elem,
	      bool only_patient)
{
	struct hf_sv text, type;

	if (!plain_string(doc, hf_json_member(doc, elem, "reference"), &text))
		return false;
	type = hf_sv_cut(&text, '/');
	if (only_patient && !hf_sv_is(type, "Patient"))
		return false;
	for (size_t i = 0; i < t->n_any; i++) {
		const struct hf_sp_operand *o = &t->any[i];
		const struct hf_spv *v = &o->value;

		if (v->code.n == 0 || !hf_sv_eq(v->code, text) || o->url_base.n ||
		    o->version.n)
			continue;
		if (v->ref_type ? hf_sv_eq(type, name_of(v->ref_type)) : only_patient)
			return true;
	}
	return false;
}

static bool
surely_coded(const struct hf_sp_test *t, const struct hf_json *doc, uint32_t elem)
{
	uint32_t codings = hf_json_member(doc, elem, "coding");

	if (codings == HF_JSON_NONE || hf_json_type(doc, codings) != HF_JSON_ARRAY)
		return false;
	for (uint32_t c = codings + 1; c < doc->nodes[codings].next;
	     c = doc->nodes[c].next) {
		struct hf_sv code, system = {0};

		if (!plain_string(doc, hf_json_member(doc, c, "code"), &code))
			continue;
		plain_string(doc, hf_json_member(doc, c, "system"), &system);
		for (size_t i = 0; i < t->n_any; i++) {
			const struct hf_sp_operand *o = &t->any[i];

			if (!o->code_given || !hf_sv_eq(o->value.code, code))
				continue;
			if (!o->system_given ||
			    (system.n && hf_sv_eq(o->value.system, system)))
				return true;
		}
	}
	return false;
}

static bool
surely(const struct hf_sp_test *t, const struct hf_json *doc)
{
	bool only_patient;
	struct hf_sv name;
	uint32_t elem;

	if (t->modifier != HF_MOD_NONE ||
	    (t->sp->kind != HF_SP_REFERENCE && t->sp->kind != HF_SP_TOKEN))
		return false;
	name = plain_element(t->sp, &only_patient);
	if (name.n == 0)
		return false;
	elem = hf_json_get(doc, 0, name);
	if (elem == HF_JSON_NONE || hf_json_type(doc, elem) != HF_JSON_OBJECT)
		return false;
	return t->sp->kind == HF_SP_REFERENCE
		   ? surely_refers(t, doc, elem, only_patient)
		   : surely_coded(t, doc, elem);
}

enum hf_rc
hf_search_match(const struct hf_search *s, hf_type_id type, const struct hf_json *doc,
		struct hf_arena *arena, bool *out, struct hf_err *err)
{
	bool met = true;

	if (!hf_search_wants_type(s, type)) {
		*out = false;
		return HF_OK;
	}
	for (size_t i = 0; i < s->n_tests && met; i++) {
		enum hf_rc rc;

		if (surely(&s->tests[i], doc))
			continue;
		rc = hf_sp_test_match(&s->tests[i], doc, 0, s->base, arena, &met, err);
		if (rc != HF_OK)
			return rc;
	}
	*out = met;
	return HF_OK;
}
