/* plan_writer.c - texts, expressions, codes and extensions of FHIR. */
#include "pathway/plan_writer.h"

struct hf_sv
hf_pdw_text_of(struct hf_pdw *x, uint32_t node)
{
	struct hf_sv s = hf_json_str(x->doc, node, x->arena);

	return s.p ? s : HF_SV("");
}

uint32_t
hf_pdw_get(const struct hf_pdw *x, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(x->doc, object, hf_sv_from(name));

	/* An empty text says nothing, and FHIR has none. */
	if (node != HF_JSON_NONE && hf_json_type(x->doc, node) == HF_JSON_STRING &&
	    x->doc->nodes[node].len == 0)
		return HF_JSON_NONE;
	return node;
}

/* The element that a list begins with, or the one that stands alone; then the next. */
uint32_t
hf_pdw_first(const struct hf_pdw *x, uint32_t node)
{
	if (node == HF_JSON_NONE || hf_json_type(x->doc, node) != HF_JSON_ARRAY)
		return node;
	return node + 1 < x->doc->nodes[node].next ? node + 1 : HF_JSON_NONE;
}

uint32_t
hf_pdw_after(const struct hf_pdw *x, uint32_t node, uint32_t one)
{
	uint32_t next = x->doc->nodes[one].next;

	return next < x->doc->nodes[node].next ? next : HF_JSON_NONE;
}

/* Key and a text of two parts. */
void
hf_pdw_joined(struct hf_pdw *x, const char *key, const char *a, struct hf_sv b)
{
	struct hf_sv s = hf_arena_printf(x->arena, "%s%.*s", a, HF_SV_ARG(b));

	x->w.out->failed |= s.p == NULL;
	hf_jw_kv(&x->w, hf_sv_from(key), s.p ? s : HF_SV(""));
}

void
hf_pdw_expression(struct hf_pdw *x, const char *key, uint32_t node)
{
	hf_jw_key(&x->w, hf_sv_from(key));
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "language", HF_SV(HF_PD_PATH));
	hf_jw_member(&x->w, "expression");
	hf_jw_raw(&x->w, hf_json_source(x->doc, node));
	hf_jw_obj_end(&x->w);
}

/* {"coding": [{"system": HF_PD_CODES…, "code": code}]} */
void
hf_pdw_concept(struct hf_pdw *x, const char *system, struct hf_sv code)
{
	hf_jw_obj(&x->w);
	hf_jw_member(&x->w, "coding");
	hf_jw_arr(&x->w);
	hf_jw_obj(&x->w);
	hf_pdw_joined(x, "system", HF_PD_CODES, hf_sv_from(system));
	hf_jw_field(&x->w, "code", code);
	hf_jw_obj_end(&x->w);
	hf_jw_arr_end(&x->w);
	hf_jw_obj_end(&x->w);
}

/* A list of one concept. */
void
hf_pdw_code(struct hf_pdw *x, const char *system, struct hf_sv value)
{
	hf_jw_member(&x->w, "code");
	hf_jw_arr(&x->w);
	hf_pdw_concept(x, system, value);
	hf_jw_arr_end(&x->w);
}

/* ---- extensions ---- */

static void
put_pair(struct hf_pdw *x, const char *name, uint32_t member)
{
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "url", hf_sv_from(name));
	hf_jw_member(&x->w, "extension");
	hf_jw_arr(&x->w);
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "url", HF_SV("key"));
	hf_jw_field(&x->w, "valueCode", hf_json_key(x->doc, member));
	hf_jw_obj_end(&x->w);
	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "url", HF_SV("value"));
	hf_jw_member(&x->w, "valueString");
	hf_jw_raw(&x->w, hf_json_source(x->doc, member));
	hf_jw_obj_end(&x->w);
	hf_jw_arr_end(&x->w);
	hf_jw_obj_end(&x->w);
}

static void
put_value(struct hf_pdw *x, const struct hf_pd_field *f, uint32_t node)
{
	const char *value = hf_pd_value(f->kind);

	hf_jw_obj(&x->w);
	hf_jw_field(&x->w, "url", hf_sv_from(f->name));
	if (f->kind == HF_PD_EXPRESSION) {
		hf_pdw_expression(x, value, node);
	} else {
		hf_jw_key(&x->w, hf_sv_from(value));
		hf_jw_raw(&x->w, hf_json_source(x->doc, node));
	}
	hf_jw_obj_end(&x->w);
}

static void
put_field(struct hf_pdw *x, uint32_t object, const struct hf_pd_field *f)
{
	uint32_t node = hf_pdw_get(x, object, f->name);

	if (node == HF_JSON_NONE)
		return;
	if (f->kind == HF_PD_MAP) {
		for (uint32_t c = node + 1; c < x->doc->nodes[node].next;
		     c = x->doc->nodes[c].next)
			if (x->doc->nodes[c].len)
				put_pair(x, f->name, c);
		return;
	}
	HF_PDW_EACH(x, c, node)
	if (f->kind == HF_PD_PARTS)
		hf_pdw_put_part(x, c, f->part, "", f->name);
	else
		put_value(x, f, c);
}

/* An extension with those fields that object has; none when it has none. */
void
hf_pdw_put_part(struct hf_pdw *x, uint32_t object, const struct hf_pd_part *part,
		const char *base, const char *url)
{
	size_t begun = x->w.out->n;
	bool comma = x->w.comma;

	hf_jw_obj(&x->w);
	hf_pdw_joined(x, "url", base, hf_sv_from(url));
	hf_jw_member(&x->w, "extension");
	hf_jw_arr(&x->w);
	for (size_t i = 0; i < part->n; i++)
		put_field(x, object, &part->fields[i]);
	if (!x->w.comma) { /* nothing was written */
		x->w.out->n = begun;
		x->w.comma = comma;
		return;
	}
	hf_jw_arr_end(&x->w);
	hf_jw_obj_end(&x->w);
}

/* The member "extension" with one part; none when it has none. */
void
hf_pdw_put_only_part(struct hf_pdw *x, uint32_t object, const struct hf_pd_part *part)
{
	size_t begun = x->w.out->n;
	bool comma = x->w.comma;

	hf_jw_member(&x->w, "extension");
	hf_jw_arr(&x->w);
	hf_pdw_put_part(x, object, part, HF_PD_EXT, part->url);
	if (!x->w.comma) {
		x->w.out->n = begun;
		x->w.comma = comma;
		return;
	}
	hf_jw_arr_end(&x->w);
}
