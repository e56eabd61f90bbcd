/* validate_special.c - what single types ask for beyond their elements: extensions,
 * references, contained resources, concepts with a required binding. */
#include "fhir/validate_impl.h"

/* Elements of Extension in the order of its definition. */
enum { EXT_ID, EXT_EXTENSION, EXT_URL, EXT_VALUE };

void
hf_v_extension(struct hf_v *v, uint64_t seen, const struct hf_vstep *at)
{
	bool value = seen >> EXT_VALUE & 1, nested = seen >> EXT_EXTENSION & 1;

	if (value && nested)
		hf_v_error(v, at, "invariant",
			   "an extension has a value or extensions of its own, not "
			   "both (ext-1)");
	else if (!value && !nested)
		hf_v_error(v, at, "invariant",
			   "an extension has a value[x] or extensions of its own "
			   "(ext-1)");
}

/* Adds the codes of a small value set to text, so that a finding says what would
 * have been right. */
static void
list_codes(uint16_t binding, char *text, size_t size)
{
	struct hf_sv system, code;
	size_t len = 0;

	text[0] = '\0';
	if (hf_binding_code(binding, 12, &system, &code))
		return;
	for (uint32_t i = 0; hf_binding_code(binding, i, &system, &code); i++) {
		int put = snprintf(text + len, size - len, "%s%.*s", i ? ", " : ": ",
				   HF_SV_ARG(code));

		if (put < 0 || (size_t)put >= size - len) {
			text[0] = '\0';
			return;
		}
		len += (size_t)put;
	}
}

void
hf_v_not_bound(struct hf_v *v, uint16_t binding, const struct hf_vstep *at)
{
	char codes[256];

	list_codes(binding, codes, sizeof(codes));
	hf_v_error(v, at, "code-invalid",
		   "the code is not in the value set that FHIR R4 requires here, %s%s",
		   hf_binding_url(binding), codes);
}

static enum hf_bind
check_coding(struct hf_v *v, uint16_t binding, uint32_t coding)
{
	uint32_t code = hf_json_member(v->doc, coding, "code");
	uint32_t system = hf_json_member(v->doc, coding, "system");
	struct hf_sv text;

	if (code == HF_JSON_NONE || system == HF_JSON_NONE ||
	    hf_json_type(v->doc, code) != HF_JSON_STRING ||
	    hf_json_type(v->doc, system) != HF_JSON_STRING)
		return HF_BIND_OUT;
	text = hf_v_text(v, code);
	/* Not hf_v_text(): it would take text away. */
	return hf_binding_check(binding, hf_json_str(v->doc, system, &v->scratch),
				text);
}

void
hf_v_concept(struct hf_v *v, const struct hf_elem *e, uint32_t node,
	     const struct hf_vstep *at)
{
	const struct hf_json_node *nodes = v->doc->nodes;
	uint32_t list = hf_json_member(v->doc, node, "coding");

	if (list != HF_JSON_NONE && hf_json_type(v->doc, list) != HF_JSON_ARRAY)
		return; /* found already */
	if (list == HF_JSON_NONE)
		list = node; /* no element of it is a coding */
	for (uint32_t c = list + 1; c < nodes[list].next; c = nodes[c].next)
		if (check_coding(v, e->binding, c) != HF_BIND_OUT)
			return;
	hf_v_not_bound(v, e->binding, at);
}

void
hf_v_contained(struct hf_v *v, uint32_t node, const struct hf_vstep *at)
{
	if (v->inside)
		hf_v_error(v, at, "invariant",
			   "a contained resource contains no others (dom-2)");
	if (hf_json_member(v->doc, node, "id") == HF_JSON_NONE)
		hf_v_error(
		    v, at, "required",
		    "a contained resource has an id, by which it is referred to");
}

static int
by_id(const void *a, const void *b)
{
	const struct hf_vcontained_id *x = a, *y = b;

	return hf_sv_cmp(x->id, y->id);
}

static void
make_ids(struct hf_v *v)
{
	const struct hf_json_node *nodes = v->doc->nodes;
	uint32_t list = hf_json_member(v->doc, v->owner, "contained");
	uint32_t n = hf_json_count(v->doc, list);
	struct hf_vcontained *all = &v->contained;

	*all = (struct hf_vcontained){.made = true};
	if (n == 0 || hf_json_type(v->doc, list) != HF_JSON_ARRAY)
		return;
	all->ids = hf_arena_array(&v->keep, n, sizeof(*all->ids));
	if (!all->ids)
		return;
	for (uint32_t c = list + 1; c < nodes[list].next; c = nodes[c].next) {
		uint32_t id = hf_json_member(v->doc, c, "id");
		uint32_t type = hf_json_member(v->doc, c, "resourceType");
		struct hf_vcontained_id *to = &all->ids[all->n];

		if (id == HF_JSON_NONE || type == HF_JSON_NONE)
			continue;
		to->id = hf_json_raw(v->doc, id);
		to->type = hf_resource_find(hf_json_raw(v->doc, type));
		all->n++;
	}
	qsort(all->ids, all->n, sizeof(*all->ids), by_id);
}

static void
check_target(struct hf_v *v, const struct hf_elem *e, hf_type_id type,
	     const struct hf_vstep *at)
{
	if (e->n_targets == 0)
		return;
	for (uint16_t k = 0; k < e->n_targets; k++)
		if (hf_type_is(type, hf_elem_target(e, k)))
			return;
	hf_v_error(v, at, "value", "a reference to %s is not allowed in %s",
		   hf_type_get(type)->name, e->name);
}

static void
check_contained(struct hf_v *v, const struct hf_elem *e, struct hf_sv id,
		const struct hf_vstep *at)
{
	struct hf_vcontained_id key = {.id = id}, *found = NULL;

	if (id.n == 0) {
		if (!v->inside)
			hf_v_error(v, at, "value",
				   "# refers to the resource around a contained one, "
				   "but this is not in a contained resource");
		return;
	}
	if (!v->contained.made)
		make_ids(v);
	if (v->contained.n)
		found = bsearch(&key, v->contained.ids, v->contained.n, sizeof(*found),
				by_id);
	if (!found)
		hf_v_error(v, at, "value",
			   "the reference is to a contained resource that is not "
			   "there");
	else if (found->type)
		check_target(v, e, found->type, at);
}

/* "Type/id" or "Type/id/_history/version": the type, 0 when it is neither. */
static hf_type_id
literal_type(struct hf_sv s)
{
	hf_type_id type = hf_resource_find(hf_sv_cut(&s, '/'));

	if (!type || !hf_v_is_id(hf_sv_cut(&s, '/')))
		return 0;
	if (!s.p)
		return type;
	return hf_sv_is(hf_sv_cut(&s, '/'), "_history") && hf_v_is_id(s) ? type : 0;
}

/* An absolute URL that ends as a reference between FHIR servers does: its type,
 * 0 when it does not. */
static hf_type_id
absolute_type(struct hf_sv s)
{
	size_t slash[4] = {0}, n = 0;

	for (size_t i = s.n; i > 0 && n < HF_COUNT(slash); i--)
		if (s.p[i - 1] == '/')
			slash[n++] = i;
	for (size_t k = 1; k < n; k++) {
		hf_type_id type = literal_type(hf_sv_from_at(s, slash[k]));

		if (type)
			return type;
	}
	return 0;
}

/* Whether s begins with a scheme: letters, digits, + - . and then a colon. */
static bool
is_absolute(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == ':')
			return i > 0;
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))
			return false;
	}
	return false;
}

/* "Patient?identifier=…", as transactions may have it: its type, else 0. */
static hf_type_id
conditional_type(struct hf_sv s)
{
	struct hf_sv rest = s;
	struct hf_sv type = hf_sv_cut(&rest, '?');

	return rest.n > 0 ? hf_resource_find(type) : 0;
}

void
hf_v_reference(struct hf_v *v, const struct hf_elem *e, uint32_t node,
	       const struct hf_vstep *at)
{
	uint32_t ref = hf_json_member(v->doc, node, "reference");
	struct hf_vstep step = {
	    .up = at, .name = HF_SV("reference"), .index = HF_JSON_NONE};
	hf_type_id type;
	struct hf_sv s;

	if (ref == HF_JSON_NONE || hf_json_type(v->doc, ref) != HF_JSON_STRING)
		return;
	s = hf_v_text(v, ref);
	if (s.n == 0)
		return; /* found already: a string is not empty */
	if (s.p[0] == '#') {
		check_contained(v, e, hf_sv_from_at(s, 1), &step);
		return;
	}
	type = literal_type(s);
	if (!type)
		type = conditional_type(s);
	if (!type && is_absolute(s))
		type = absolute_type(s);
	else if (!type)
		hf_v_error(
		    v, &step, "value",
		    "a reference is Type/id with a resource type of FHIR R4, an "
		    "absolute URL, a URN or # and the id of a contained resource");
	if (type)
		check_target(v, e, type, &step);
}
