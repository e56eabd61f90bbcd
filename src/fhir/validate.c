/* validate.c - the walk over a resource beside the tables.
 *
 * Nothing is allocated while there is nothing to find: the way to a value is a
 * chain of steps on the stack, and a finding makes its FHIRPath from it. */
#include "fhir/validate_impl.h"

#include <stdarg.h>

/* Writes the steps down to at into buf and gives the length; what does not fit is
 * cut off. */
static size_t
path_text(const struct hf_vstep *at, char *buf, size_t size)
{
	const struct hf_vstep *chain[HF_V_DEPTH + 2] = {0};
	size_t n = 0, len = 0;

	for (; at && n < HF_COUNT(chain); at = at->up)
		chain[n++] = at;
	while (n-- > 0 && len < size) {
		const struct hf_vstep *s = chain[n];
		const char *dot = len ? "." : "";
		int put = s->index == HF_JSON_NONE
			      ? snprintf(buf + len, size - len, "%s%.*s", dot,
					 HF_SV_ARG(s->name))
			      : snprintf(buf + len, size - len, "%s%.*s[%u]", dot,
					 HF_SV_ARG(s->name), s->index);

		len += put > 0 ? (size_t)put : 0;
	}
	return len < size ? len : size - 1;
}

void
hf_v_find(struct hf_v *v, const struct hf_vstep *at, enum hf_severity severity,
	  const char *code, const char *fmt, ...)
{
	char path[1024], text[480];
	size_t max = v->issues->max ? v->issues->max : HF_ISSUES_MAX;
	size_t n = 0;
	va_list ap;

	text[0] = '\0';
	if (v->issues->n < max) {
		n = path_text(at, path, sizeof(path));
		va_start(ap, fmt);
		vsnprintf(text, sizeof(text), fmt, ap);
		va_end(ap);
	}
	hf_issue_add(v->issues, severity, code, (struct hf_sv){path, n}, "%s", text);
}

struct hf_sv
hf_v_text(struct hf_v *v, uint32_t node)
{
	if (!v->doc->nodes[node].escaped)
		return hf_json_raw(v->doc, node);
	hf_arena_reset(&v->scratch);
	return hf_json_str(v->doc, node, &v->scratch);
}

/* Whether a name from the input may stand in a finding: it looks like one. */
static bool
is_name(struct hf_sv s)
{
	if (s.n == 0 || s.n > 64)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

static void
unknown_property(struct hf_v *v, hf_type_id owner, struct hf_sv key,
		 struct hf_vstep *at)
{
	const char *name = hf_type_get(owner)->name;
	const struct hf_elem *choice = hf_elem_by_name(owner, key);

	if (choice && choice->choice) {
		const char *first = hf_type_get(hf_elem_type(choice, 0))->name;

		hf_v_error(v, at, "structure",
			   "%s.%s[x] is a choice of types: its JSON name ends with the "
			   "type, as in %s%c%s",
			   name, choice->name, choice->name, first[0] & ~0x20,
			   first + 1);
	} else if (hf_sv_is(key, "fhir_comments")) {
		hf_v_error(v, at, "structure",
			   "fhir_comments is no part of JSON in FHIR R4: take it out");
	} else if (is_name(key)) {
		hf_v_error(v, at, "structure", "%s has no element %.*s in FHIR R4",
			   name, HF_SV_ARG(key));
	} else {
		at->name = HF_SV("_");
		hf_v_error(v, at, "structure",
			   "%s has no element of this name (%zu bytes, not a name of "
			   "letters and digits)",
			   name, key.n);
	}
}

static const char *
json_kind(enum hf_json_type t)
{
	static const char *const names[] = {
	    [HF_JSON_NULL] = "null",	   [HF_JSON_FALSE] = "a boolean",
	    [HF_JSON_TRUE] = "a boolean",  [HF_JSON_NUMBER] = "a number",
	    [HF_JSON_STRING] = "a string", [HF_JSON_ARRAY] = "an array",
	    [HF_JSON_OBJECT] = "an object"};

	return names[t];
}

/* One value that is not in an array, or one entry of one. */
static void
value(struct hf_v *v, const struct hf_elem *e, hf_type_id type, uint32_t node,
      const struct hf_vstep *at)
{
	const struct hf_type *t = hf_type_get(type);

	if (t->kind == HF_KIND_PRIMITIVE) {
		hf_v_primitive(v, e, type, node, at);
		return;
	}
	if (hf_json_type(v->doc, node) != HF_JSON_OBJECT) {
		hf_v_error(v, at, "structure", "this is %s but %s is a JSON object",
			   json_kind(hf_json_type(v->doc, node)), t->name);
		return;
	}
	hf_v_object(v, type, node, at);
	if (t->form == HF_FORM_REFERENCE)
		hf_v_reference(v, e, node, at);
	else if (t->form == HF_FORM_CODEABLE_CONCEPT && e->binding)
		hf_v_concept(v, e, node, at);
}

struct member {
	struct hf_sv key; /* as it stands in JSON */
	const struct hf_elem *e;
	hf_type_id type;
	bool extra; /* the "_name" half of a primitive */
	uint32_t owner, node;
};

static void
entry(struct hf_v *v, const struct member *m, uint32_t node, const struct hf_vstep *at)
{
	if (!m->extra) {
		value(v, m->e, m->type, node, at);
		return;
	}
	if (hf_json_type(v->doc, node) != HF_JSON_OBJECT)
		hf_v_error(v, at, "structure",
			   "%.*s holds id and extension of %s in a JSON object, but "
			   "this is %s",
			   HF_SV_ARG(m->key), m->e->name,
			   json_kind(hf_json_type(v->doc, node)));
	else
		hf_v_object(v, m->type, node, at);
}

/* Walks the other half of a repeating primitive in step with the first. */
struct other_half {
	bool looked;
	uint32_t node, end, i;
};

static void
find_other_half(struct hf_v *v, const struct member *m, struct other_half *h)
{
	struct hf_sv key = hf_sv_from_at(m->key, 1);
	uint32_t node;
	char name[80];

	if (!m->extra) {
		assert(m->key.n < sizeof(name));
		name[0] = '_';
		memcpy(name + 1, m->key.p, m->key.n);
		key = (struct hf_sv){name, m->key.n + 1};
	}
	node = hf_json_get(v->doc, m->owner, key);
	h->looked = true;
	if (node == HF_JSON_NONE || hf_json_type(v->doc, node) != HF_JSON_ARRAY)
		return;
	h->node = node + 1;
	h->end = v->doc->nodes[node].next;
}

/* A null in one array of a repeating primitive stands for a half that the other
 * array has at the same place. */
static void
null_entry(struct hf_v *v, const struct member *m, struct other_half *h,
	   const struct hf_vstep *at)
{
	if (!h->looked)
		find_other_half(v, m, h);
	for (; h->i < at->index && h->node < h->end; h->i++)
		h->node = v->doc->nodes[h->node].next;
	if (h->node >= h->end || hf_json_type(v->doc, h->node) == HF_JSON_NULL)
		hf_v_error(v, at, "structure",
			   "null stands here but there is neither a value nor an "
			   "extension at this place");
}

static void
array_member(struct hf_v *v, const struct member *m, struct hf_vstep *step)
{
	const struct hf_json_node *nodes = v->doc->nodes;
	bool primitive = hf_type_get(m->type)->kind == HF_KIND_PRIMITIVE;
	struct other_half half = {0};
	uint32_t i = 0;

	if (nodes[m->node].next == m->node + 1) {
		hf_v_error(v, step, "structure",
			   "an array is not empty in FHIR: leave %.*s out",
			   HF_SV_ARG(m->key));
		return;
	}
	for (uint32_t c = m->node + 1; c < nodes[m->node].next; c = nodes[c].next) {
		step->index = i;
		if (primitive && nodes[c].type == HF_JSON_NULL)
			null_entry(v, m, &half, step);
		else
			entry(v, m, c, step);
		i++;
	}
}

static void
member(struct hf_v *v, const struct member *m, struct hf_vstep *step)
{
	enum hf_json_type t = hf_json_type(v->doc, m->node);

	if (t == HF_JSON_NULL)
		hf_v_error(v, step, "structure",
			   "null has no meaning here: leave %.*s out",
			   HF_SV_ARG(m->key));
	else if (m->e->many && t != HF_JSON_ARRAY)
		hf_v_error(v, step, "structure",
			   "%s repeats: its value is a JSON array, but this is %s",
			   m->e->name, json_kind(t));
	else if (!m->e->many && t == HF_JSON_ARRAY)
		hf_v_error(v, step, "structure",
			   "%s does not repeat: its value is no JSON array",
			   m->e->name);
	else if (m->e->many)
		array_member(v, m, step);
	else
		entry(v, m, m->node, step);
}

/* The element a property stands for; false after a finding. */
static bool
find_member(struct hf_v *v, hf_type_id owner, struct member *m, struct hf_vstep *step)
{
	struct hf_sv name = m->key;

	m->extra = name.n > 1 && name.p[0] == '_';
	if (m->extra)
		name = hf_sv_from_at(name, 1);
	m->e = hf_elem_find(owner, name, &m->type);
	if (!m->e) {
		unknown_property(v, owner, m->key, step);
		return false;
	}
	if (m->extra && hf_type_get(m->type)->kind != HF_KIND_PRIMITIVE) {
		hf_v_error(v, step, "structure",
			   "%.*s has no meaning: %s is no primitive type and holds its "
			   "own extensions",
			   HF_SV_ARG(m->key), hf_type_get(m->type)->name);
		return false;
	}
	return true;
}

/* A choice element was met again: is it the other half of the same primitive, or a
 * second choice? */
static void
check_choice(struct hf_v *v, hf_type_id owner, const struct member *m,
	     const struct hf_vstep *step)
{
	const struct hf_json_node *nodes = v->doc->nodes;

	for (uint32_t c = m->owner + 1; c < m->node; c = nodes[c].next) {
		struct hf_sv name = hf_json_key(v->doc, c);
		hf_type_id type;

		if (name.n > 1 && name.p[0] == '_')
			name = hf_sv_from_at(name, 1);
		if (hf_elem_find(owner, name, &type) == m->e && type != m->type) {
			hf_v_error(v, step, "structure",
				   "%s[x] is one choice, but it has both type %s and "
				   "type %s",
				   m->e->name, hf_type_get(type)->name,
				   hf_type_get(m->type)->name);
			return;
		}
	}
}

static void
report_missing(struct hf_v *v, hf_type_id type, uint64_t missing,
	       const struct hf_vstep *at)
{
	for (; missing; missing &= missing - 1) {
		const struct hf_elem *e =
		    hf_elem_get(type, (uint16_t)__builtin_ctzll(missing));

		hf_v_error(v, at, "required", "%s.%s%s is missing and is required",
			   hf_type_get(type)->name, e->name, e->choice ? "[x]" : "");
	}
}

/* The members of an object, each once; gives the set of elements that are there. */
static uint64_t
members(struct hf_v *v, hf_type_id type, uint32_t node, const struct hf_vstep *at)
{
	const struct hf_json_node *nodes = v->doc->nodes;
	const struct hf_elem *first = hf_elem_get(type, 0);
	bool resource = hf_type_get(type)->kind == HF_KIND_RESOURCE;
	uint64_t seen = 0;

	for (uint32_t c = node + 1; c < nodes[node].next; c = nodes[c].next) {
		struct member m = {
		    .key = hf_json_key(v->doc, c), .owner = node, .node = c};
		struct hf_vstep step = {.up = at, .name = m.key, .index = HF_JSON_NONE};
		uint64_t bit;

		if (resource && hf_sv_is(m.key, "resourceType"))
			continue;
		if (!find_member(v, type, &m, &step))
			continue;
		step.name = hf_sv_from(m.e->name);
		bit = 1ull << (m.e - first);
		if ((seen & bit) && m.e->choice)
			check_choice(v, type, &m, &step);
		seen |= bit;
		member(v, &m, &step);
	}
	return seen;
}

/* A resource at node: its type from resourceType, 0 after a finding. */
static hf_type_id
resource_type(struct hf_v *v, uint32_t node, const struct hf_vstep *at)
{
	uint32_t name = hf_json_member(v->doc, node, "resourceType");
	hf_type_id type;

	if (name == HF_JSON_NONE) {
		hf_v_error(v, at, "structure",
			   "resourceType is missing, so this is no FHIR resource");
		return 0;
	}
	if (hf_json_type(v->doc, name) != HF_JSON_STRING) {
		hf_v_error(v, at, "structure", "resourceType is a string");
		return 0;
	}
	type = hf_resource_find(hf_v_text(v, name));
	if (type == 0)
		hf_v_error(v, at, "structure",
			   "resourceType names no resource type of FHIR R4");
	return type;
}

/* A resource within another: contained, Bundle.entry.resource, a parameter. */
static void
inner_resource(struct hf_v *v, uint32_t node, const struct hf_vstep *at)
{
	bool contained = hf_sv_is(at->name, "contained");
	struct hf_vcontained ids = v->contained;
	uint32_t owner = v->owner;
	bool inside = v->inside;
	hf_type_id type = resource_type(v, node, at);

	if (contained) {
		hf_v_contained(v, node, at);
	} else {
		v->owner = node;
		v->contained = (struct hf_vcontained){0};
	}
	v->inside = contained;
	if (type)
		hf_v_object(v, type, node, at);
	if (!contained)
		v->contained = ids;
	v->owner = owner;
	v->inside = inside;
}

/* The id of an element stands first in its definition. */
enum { ID_ONLY = 1 };

/* Whether an id alone is not enough in a value of type: it is for a resource, and for
 * the other half of a primitive. */
static bool
has_content(hf_type_id type)
{
	enum hf_type_kind kind = hf_type_get(type)->kind;

	return kind == HF_KIND_COMPLEX || kind == HF_KIND_BACKBONE;
}

void
hf_v_object(struct hf_v *v, hf_type_id type, uint32_t node, const struct hf_vstep *at)
{
	enum hf_form form = hf_type_get(type)->form;
	uint64_t seen, missing;

	if (v->doc->nodes[node].next == node + 1) {
		hf_v_error(v, at, "structure",
			   "an object is not empty in FHIR: leave it out");
		return;
	}
	if (v->depth >= HF_V_DEPTH) {
		hf_v_error(v, at, "too-long", "this is nested too deep");
		return;
	}
	v->depth++;
	if (form == HF_FORM_RESOURCE) {
		inner_resource(v, node, at);
	} else {
		seen = members(v, type, node, at);
		missing = hf_elem_required(type) & ~seen;
		if (missing)
			report_missing(v, type, missing, at);
		if (form == HF_FORM_EXTENSION)
			hf_v_extension(v, seen, at);
		else if (seen == ID_ONLY && has_content(type))
			hf_v_error(v, at, "invariant",
				   "an element has more than an id (ele-1)");
	}
	v->depth--;
}

bool
hf_validate(const struct hf_json *doc, uint32_t node, struct hf_issues *issues,
	    hf_type_id *type)
{
	size_t errors = issues->errors;
	struct hf_v v = {.doc = doc,
			 .issues = issues,
			 .scratch = {.cap = HF_V_MEMORY},
			 .keep = {.cap = HF_V_MEMORY},
			 .owner = node};
	struct hf_vstep root = {.name = HF_SV("Resource"), .index = HF_JSON_NONE};

	*type = 0;
	if (hf_json_type(doc, node) != HF_JSON_OBJECT) {
		hf_v_error(&v, &root, "structure",
			   "a FHIR resource is a JSON object, but this is %s",
			   json_kind(hf_json_type(doc, node)));
		return false;
	}
	*type = resource_type(&v, node, &root);
	if (*type) {
		root.name = hf_sv_from(hf_type_get(*type)->name);
		hf_v_object(&v, *type, node, &root);
	}
	hf_arena_free(&v.scratch);
	hf_arena_free(&v.keep);
	return issues->errors == errors;
}
