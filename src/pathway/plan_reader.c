/* plan_reader.c - elements of FHIR, their findings, and our extensions. */
#include "pathway/plan_reader.h"

#include <stdarg.h>

/* ---- where a node is ---- */

/* "Bundle.entry[0].resource.action[2]": from the root down to node. */
struct hf_sv
hf_pdr_path_of(struct hf_pdr *m, uint32_t node)
{
	const struct hf_json *d = &m->doc;
	struct hf_sv path =
	    hf_json_str(d, hf_json_member(d, 0, "resourceType"), m->arena);
	uint32_t at = 0;

	if (!path.p)
		path = HF_SV("Bundle");
	while (at != node && node != HF_JSON_NONE) {
		uint32_t i = 0, c = at + 1;

		for (; d->nodes[c].next <= node; c = d->nodes[c].next)
			i++;
		if (hf_json_type(d, at) == HF_JSON_ARRAY)
			path = hf_arena_printf(m->arena, "%.*s[%u]", HF_SV_ARG(path),
					       (unsigned)i);
		else
			path = hf_arena_printf(m->arena, "%.*s.%.*s", HF_SV_ARG(path),
					       HF_SV_ARG(hf_json_key(d, c)));
		if (!path.p) {
			m->full = true;
			return HF_SV("Bundle");
		}
		at = c;
	}
	return path;
}

void
hf_pdr_wrong(struct hf_pdr *m, uint32_t node, const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	hf_issue_add(m->issues, HF_SEV_ERROR, "invalid", hf_pdr_path_of(m, node), "%s",
		     text);
}

/* ---- reading ---- */

uint32_t
hf_pdr_get(const struct hf_pdr *m, uint32_t object, const char *name)
{
	return hf_json_get(&m->doc, object, hf_sv_from(name));
}

struct hf_sv
hf_pdr_text_of(struct hf_pdr *m, uint32_t node)
{
	struct hf_sv s = hf_json_str(&m->doc, node, m->arena);

	return s.p ? s : HF_SV("");
}

struct hf_sv
hf_pdr_text_at(struct hf_pdr *m, uint32_t object, const char *name)
{
	return hf_pdr_text_of(m, hf_pdr_get(m, object, name));
}

/* The only element of a list; a finding when there are more.  NONE when there is no
 * list. */
uint32_t
hf_pdr_only(struct hf_pdr *m, uint32_t object, const char *name)
{
	uint32_t list = hf_pdr_get(m, object, name);

	if (hf_json_count(&m->doc, list) > 1)
		hf_pdr_wrong(m, list, "a pathway has place for one only");
	return list == HF_JSON_NONE ? list : hf_json_at(&m->doc, list, 0);
}

/* Elements that names does not know would be lost. */
void
hf_pdr_only_known(struct hf_pdr *m, uint32_t object, const char *names)
{
	HF_PDR_EACH(m, c, object)
	{
		struct hf_sv rest = hf_sv_from(names);
		bool known = false;

		while (rest.n && !known)
			known =
			    hf_sv_eq(hf_sv_cut(&rest, ' '), hf_json_key(&m->doc, c));
		if (!known)
			hf_pdr_wrong(m, c, "a pathway has no place for this");
	}
}

/* The code of a concept in one of our systems; n 0 and a finding when it has none. */
struct hf_sv
hf_pdr_code_of(struct hf_pdr *m, uint32_t concept, uint32_t node, const char *system)
{
	struct hf_sv want = hf_arena_printf(m->arena, HF_PD_CODES "%s", system);
	uint32_t codings = hf_pdr_get(m, concept, "coding");

	HF_PDR_EACH(m, c, codings)
	if (hf_sv_eq(hf_pdr_text_at(m, c, "system"), want))
		return hf_pdr_text_at(m, c, "code");
	hf_pdr_wrong(m, node, "a code of %s%s is needed here", HF_PD_CODES, system);
	return HF_SV("");
}

/* The expression of an Expression in FHIRPath; n 0 and a finding when it is none. */
uint32_t
hf_pdr_expression_of(struct hf_pdr *m, uint32_t node)
{
	uint32_t e = hf_pdr_get(m, node, "expression");

	if (e == HF_JSON_NONE ||
	    !hf_sv_is(hf_pdr_text_at(m, node, "language"), HF_PD_PATH)) {
		hf_pdr_wrong(m, node, "an expression in " HF_PD_PATH " is needed here");
		return HF_JSON_NONE;
	}
	return e;
}

/* ---- writing ---- */

/* The next part of a list stands on a line of its own, which came from node. */
void
hf_pdr_line(struct hf_pdr *m, uint32_t node)
{
	if (m->w.comma)
		hf_buf_char(m->out, ',');
	m->w.comma = false;
	hf_buf_char(m->out, '\n');
	hf_buf_add(&m->lines, &node, sizeof node);
}

void
hf_pdr_put_raw(struct hf_pdr *m, const char *key, uint32_t node)
{
	if (node == HF_JSON_NONE)
		return;
	hf_jw_key(&m->w, hf_sv_from(key));
	hf_jw_raw(&m->w, hf_json_source(&m->doc, node));
}

void
hf_pdr_put_text(struct hf_pdr *m, const char *key, struct hf_sv text)
{
	if (text.n)
		hf_jw_kv(&m->w, hf_sv_from(key), text);
}

/* ---- extensions ---- */

bool
hf_pdr_is_part(struct hf_pdr *m, uint32_t ext, const char *url)
{
	struct hf_sv is = hf_pdr_text_at(m, ext, "url");

	return hf_sv_starts(is, HF_SV(HF_PD_EXT)) &&
	       hf_sv_eq(hf_sv_from_at(is, sizeof HF_PD_EXT - 1), hf_sv_from(url));
}

uint32_t
hf_pdr_find_part(struct hf_pdr *m, uint32_t element, const struct hf_pd_part *part)
{
	uint32_t list = hf_pdr_get(m, element, "extension");

	HF_PDR_EACH(m, c, list)
	if (hf_pdr_is_part(m, c, part->url))
		return c;
	return HF_JSON_NONE;
}

uint32_t
hf_pdr_find_sub(struct hf_pdr *m, uint32_t ext, const char *url)
{
	uint32_t list = hf_pdr_get(m, ext, "extension");

	HF_PDR_EACH(m, c, list)
	if (hf_sv_eq(hf_pdr_text_at(m, c, "url"), hf_sv_from(url)))
		return c;
	return HF_JSON_NONE;
}

static void
read_value(struct hf_pdr *m, uint32_t sub, const struct hf_pd_field *f)
{
	uint32_t node;

	if (f->kind == HF_PD_PARTS) {
		hf_jw_obj(&m->w);
		hf_pdr_read_part(m, sub, f->part);
		hf_jw_obj_end(&m->w);
		return;
	}
	node = hf_pdr_get(m, sub, hf_pd_value(f->kind));
	if (node == HF_JSON_NONE) {
		hf_pdr_wrong(m, sub, "%s is needed here", hf_pd_value(f->kind));
		hf_jw_null(&m->w);
		return;
	}
	if (f->kind == HF_PD_EXPRESSION)
		node = hf_pdr_expression_of(m, node);
	if (node != HF_JSON_NONE)
		hf_jw_raw(&m->w, hf_json_source(&m->doc, node));
	else
		hf_jw_null(&m->w);
}

/* A key of a map is a name without anything that JSON would have to escape. */
static bool
is_name(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '"' || s.p[i] == '\\')
			return false;
	return s.n > 0 && s.n <= 64;
}

static void
read_map(struct hf_pdr *m, uint32_t list, const char *name)
{
	hf_jw_key(&m->w, hf_sv_from(name));
	hf_jw_obj(&m->w);
	HF_PDR_EACH(m, c, list)
	{
		struct hf_sv key;
		uint32_t value;

		if (!hf_sv_eq(hf_pdr_text_at(m, c, "url"), hf_sv_from(name)))
			continue;
		key = hf_pdr_text_at(m, hf_pdr_find_sub(m, c, "key"), "valueCode");
		value = hf_pdr_get(m, hf_pdr_find_sub(m, c, "value"), "valueString");
		if (!is_name(key) || value == HF_JSON_NONE) {
			hf_pdr_wrong(m, c,
				     "key (valueCode) and value (valueString) are "
				     "needed here");
			continue;
		}
		hf_jw_key(&m->w, key);
		hf_jw_raw(&m->w, hf_json_source(&m->doc, value));
	}
	hf_jw_obj_end(&m->w);
}

static void
read_field(struct hf_pdr *m, uint32_t list, const struct hf_pd_field *f)
{
	uint32_t found = HF_JSON_NONE;
	size_t n = 0;
	bool array;

	HF_PDR_EACH(m, c, list)
	if (hf_sv_eq(hf_pdr_text_at(m, c, "url"), hf_sv_from(f->name))) {
		found = n++ ? found : c;
		if (n == 2 && !f->many)
			hf_pdr_wrong(m, c, "%s stands twice", f->name);
	}
	if (n == 0)
		return;
	if (f->kind == HF_PD_MAP) {
		read_map(m, list, f->name);
		return;
	}
	array = f->kind == HF_PD_PARTS || (f->many && n > 1);
	hf_jw_key(&m->w, hf_sv_from(f->name));
	if (!array) {
		read_value(m, found, f);
		return;
	}
	hf_jw_arr(&m->w);
	HF_PDR_EACH(m, c, list)
	if (hf_sv_eq(hf_pdr_text_at(m, c, "url"), hf_sv_from(f->name)))
		read_value(m, c, f);
	hf_jw_arr_end(&m->w);
}

/* The members that lie in one of our extensions; NONE: there are none. */
void
hf_pdr_read_part(struct hf_pdr *m, uint32_t ext, const struct hf_pd_part *part)
{
	uint32_t list = hf_pdr_get(m, ext, "extension");

	HF_PDR_EACH(m, c, list)
	{
		struct hf_sv url = hf_pdr_text_at(m, c, "url");
		bool known = false;

		for (size_t i = 0; i < part->n && !known; i++)
			known = hf_sv_eq(url, hf_sv_from(part->fields[i].name));
		if (!known)
			hf_pdr_wrong(m, c, "a pathway has no place for this");
	}
	for (size_t i = 0; i < part->n; i++)
		read_field(m, list, &part->fields[i]);
}

/* Those of an element, which has no other extensions: they would be lost. */
void
hf_pdr_read_own_part(struct hf_pdr *m, uint32_t element, const struct hf_pd_part *part)
{
	uint32_t list = hf_pdr_get(m, element, "extension");

	HF_PDR_EACH(m, c, list)
	if (!hf_pdr_is_part(m, c, part->url))
		hf_pdr_wrong(m, c, "a pathway has no place for this");
	hf_pdr_read_part(m, hf_pdr_find_part(m, element, part), part);
}
