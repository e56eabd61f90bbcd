/* path_fn_fhir.c - functions that know FHIR: references, extensions, types. */
#include "fhir/path_impl.h"
#include "fhir/path_show.h"

#define FN(name)                                                                       \
	enum hf_rc name(struct path_ev *ev HF_UNUSED,                                  \
			const struct path_node *n HF_UNUSED,                           \
			struct path_frame *f HF_UNUSED,                                \
			const struct hf_pvs *in HF_UNUSED, struct hf_pvs *out)

/* The type that the text of a reference names: of "Patient/1", of the same after a
 * base URL, with or without "/_history/2"; 0 when it names none. */
static hf_type_id
reference_type(struct hf_sv s)
{
	static const struct hf_sv history = {"/_history/", 10};
	size_t end, slash;

	for (size_t i = 0; i + history.n <= s.n; i++)
		if (memcmp(s.p + i, history.p, history.n) == 0)
			s.n = i;
	for (end = s.n; end > 0 && s.p[end - 1] != '/'; end--)
		;
	if (end < 2)
		return 0;
	for (slash = end - 1; slash > 0 && s.p[slash - 1] != '/'; slash--)
		;
	return hf_resource_find((struct hf_sv){s.p + slash, end - 1 - slash});
}

/* The resource of root's "contained" that "#id" means; "#" alone is root. */
static bool
find_contained(struct path_ev *ev, struct hf_sv id, struct hf_pv *out)
{
	const struct hf_json *doc = ev->root.doc;
	uint32_t list = hf_json_member(doc, ev->root.node, "contained");

	if (id.n == 0) {
		*out = ev->root;
		return true;
	}
	if (list == HF_JSON_NONE || hf_json_type(doc, list) != HF_JSON_ARRAY)
		return false;
	for (uint32_t c = list + 1; c < doc->nodes[list].next; c = doc->nodes[c].next) {
		uint32_t given = hf_json_member(doc, c, "id");

		if (given == HF_JSON_NONE ||
		    hf_json_type(doc, given) != HF_JSON_STRING ||
		    !hf_sv_eq(hf_json_raw(doc, given), id))
			continue;
		*out = (struct hf_pv){.kind = HF_PV_NODE,
				      .type = hf_path_resource_type(doc, c),
				      .doc = doc,
				      .node = c,
				      .extra = HF_JSON_NONE};
		return true;
	}
	return false;
}

/* The string member of a Reference; p NULL when it has none. */
static struct hf_sv
member_text(struct path_ev *ev, const struct hf_pv *v, struct hf_sv name)
{
	uint32_t c = hf_json_get(v->doc, v->node, name);

	return hf_path_string(ev, v->doc, c);
}

static enum hf_rc
resolve_one(struct path_ev *ev, const struct hf_pv *v, struct hf_pvs *out)
{
	struct hf_pv found = {.kind = HF_PV_NODE,
			      .doc = ev->root.doc,
			      .node = HF_JSON_NONE,
			      .extra = HF_JSON_NONE};
	struct hf_sv text = {NULL, 0}, type = {NULL, 0};
	struct hf_pv s;

	if (v->kind == HF_PV_NODE && v->node != HF_JSON_NONE &&
	    hf_json_type(v->doc, v->node) == HF_JSON_OBJECT) {
		text = member_text(ev, v, HF_SV("reference"));
		type = member_text(ev, v, HF_SV("type"));
	} else if (hf_path_system(ev, v, &s) && s.kind == HF_PV_STRING) {
		text = s.text;
	}
	if (text.n && text.p[0] == '#') {
		if (!find_contained(ev, hf_sv_from_at(text, 1), &found))
			return HF_OK;
		return hf_path_push(ev, out, &found);
	}
	if (text.n && ev->env->resolve &&
	    ev->env->resolve(ev->env->resolve_ctx, text, &found))
		return hf_path_push(ev, out, &found);
	/* Nothing but its type is known. */
	found.node = HF_JSON_NONE;
	found.type = text.n ? reference_type(text) : 0;
	if (found.type == 0 && type.n)
		found.type = hf_resource_find(type);
	return found.type ? hf_path_push(ev, out, &found) : HF_OK;
}

FN(hf_path_fn_resolve)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		rc = hf_path_spend(ev, 1);
		if (rc == HF_OK)
			rc = resolve_one(ev, &in->items[i], out);
	}
	return rc;
}

/* Argument 0 as one string; p NULL when it is empty. */
static enum hf_rc
url_arg(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	struct hf_sv *out)
{
	struct hf_pvs arg = {0};
	struct hf_pv v;
	enum hf_rc rc;
	bool has;

	*out = (struct hf_sv){NULL, 0};
	if ((rc = hf_path_value(ev, n, 0, f, &arg)) != HF_OK ||
	    (rc = hf_path_single(ev, n, &arg, &v, &has)) != HF_OK || !has)
		return rc;
	if (v.kind != HF_PV_STRING)
		return hf_path_fail(ev, n, "expected the URL of an extension");
	*out = v.text;
	return HF_OK;
}

FN(hf_path_fn_extension)
{
	static const struct path_step step = {.name = {"extension", 9}};
	struct hf_pvs all = {0};
	struct hf_sv url;
	enum hf_rc rc = url_arg(ev, n, f, &url);

	for (size_t i = 0; rc == HF_OK && url.p && i < in->n; i++)
		rc = hf_path_member(ev, &in->items[i], &step, &all);
	for (size_t i = 0; rc == HF_OK && i < all.n; i++) {
		const struct hf_pv *e = &all.items[i];

		if (e->node != HF_JSON_NONE &&
		    hf_sv_eq(member_text(ev, e, HF_SV("url")), url))
			rc = hf_path_push(ev, out, e);
	}
	return rc;
}

FN(hf_path_fn_has_extension)
{
	struct hf_pvs found = {0};
	enum hf_rc rc = hf_path_fn_extension(ev, n, f, in, &found);

	return rc == HF_OK ? hf_path_push_bool(ev, out, found.n > 0) : rc;
}

static bool
is_primitive_value(const struct hf_pv *v)
{
	return v->kind != HF_PV_NODE ||
	       (v->node != HF_JSON_NONE &&
		hf_json_type(v->doc, v->node) != HF_JSON_OBJECT);
}

FN(hf_path_fn_has_value)
{
	return hf_path_push_bool(ev, out,
				 in->n == 1 && is_primitive_value(&in->items[0]));
}

FN(hf_path_fn_get_value)
{
	struct hf_pv v;

	if (in->n != 1 || !is_primitive_value(&in->items[0]) ||
	    !hf_path_system(ev, &in->items[0], &v))
		return HF_OK;
	return hf_path_push(ev, out, &v);
}

/* The type of v as type() tells it; text n 0 when it is not known. */
static struct hf_pv
type_info(const struct hf_pv *v)
{
	static const char *const names[] = {
	    [HF_PV_BOOL] = "Boolean",	   [HF_PV_INT] = "Integer",
	    [HF_PV_DECIMAL] = "Decimal",   [HF_PV_STRING] = "String",
	    [HF_PV_DATE] = "Date",	   [HF_PV_TIME] = "Time",
	    [HF_PV_QUANTITY] = "Quantity", [HF_PV_TYPE] = "TypeInfo",
	};
	struct hf_pv t = {.kind = HF_PV_TYPE, .unit = HF_SV("System")};

	if (v->kind == HF_PV_NODE) {
		t.unit = HF_SV("FHIR");
		t.text = v->type ? hf_type_shown(v->type) : HF_SV("");
	} else if (v->kind == HF_PV_DATE && v->b) {
		t.text = HF_SV("DateTime");
	} else {
		t.text = hf_sv_from(names[v->kind]);
	}
	return t;
}

FN(hf_path_fn_type)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		struct hf_pv t = type_info(&in->items[i]);

		if (t.text.n)
			rc = hf_path_push(ev, out, &t);
	}
	return rc;
}

/* The clock in London: with its offset, as a place's own day counts. */
static enum hf_rc
push_now(struct path_ev *ev, bool with_time, struct hf_pvs *out)
{
	struct hf_pv v = {.kind = HF_PV_DATE, .b = with_time};
	struct hf_civil c = hf_london_civil(ev->env->now);
	int offset = hf_london_offset(ev->env->now);

	if (ev->env->now == 0)
		return HF_OK;
	if (with_time)
		v.text = hf_arena_printf(ev->arena,
					 "%04d-%02d-%02dT%02d:%02d:%02d.%03d+%02d:%02d",
					 (int)c.year, c.month, c.day, c.hour, c.minute,
					 c.second, c.ms, offset / 60, offset % 60);
	else
		v.text = hf_arena_printf(ev->arena, "%04d-%02d-%02d", (int)c.year,
					 c.month, c.day);
	return v.text.p ? hf_path_push(ev, out, &v) : hf_path_full(ev);
}

FN(hf_path_fn_today)
{
	return push_now(ev, false, out);
}

FN(hf_path_fn_now)
{
	return push_now(ev, true, out);
}

/* ---- value sets and profiles ---- */

/* Is a system and code in the value set?  By the caller's sets first. */
static bool
code_in(struct path_ev *ev, const struct hf_pv *v, struct hf_sv set, bool *known)
{
	struct hf_pv s;
	struct hf_sv system = {NULL, 0}, code = {NULL, 0};
	uint16_t binding = hf_binding_find(set);
	bool is = false;

	if (ev->env->member_of &&
	    ev->env->member_of(ev->env->member_ctx, v, set, &is)) {
		*known = true;
		return is;
	}
	if (binding == 0)
		return false;
	if (hf_path_system(ev, v, &s) && s.kind == HF_PV_STRING) {
		code = s.text;
	} else if (v->kind == HF_PV_NODE && v->node != HF_JSON_NONE &&
		   hf_json_type(v->doc, v->node) == HF_JSON_OBJECT) {
		system = member_text(ev, v, HF_SV("system"));
		code = member_text(ev, v, HF_SV("code"));
		if (!system.p)
			system = HF_SV("");
	}
	switch (hf_binding_check(binding, system, code.p ? code : HF_SV(""))) {
	case HF_BIND_IN:
		*known = true;
		return true;
	case HF_BIND_OUT:
		*known = true;
		return false;
	default:
		return false;
	}
}

FN(hf_path_fn_member_of)
{
	static const struct path_step coding = {.name = {"coding", 6}};
	struct hf_pvs codings = {0};
	struct hf_sv set;
	bool has, is = false, known = false;
	enum hf_rc rc = hf_path_arg_text(ev, n, 0, f, &set, &has);

	if (rc != HF_OK || !has || in->n == 0)
		return rc;
	if (in->n > 1)
		return hf_path_fail(ev, n,
				    "memberOf() asks about one value, but there "
				    "are several");
	rc = hf_path_member(ev, &in->items[0], &coding, &codings);
	if (rc == HF_OK && codings.n == 0)
		rc = hf_path_push(ev, &codings, &in->items[0]);
	for (size_t i = 0; rc == HF_OK && i < codings.n && !is; i++)
		is = code_in(ev, &codings.items[i], set, &known);
	return rc == HF_OK && known ? hf_path_push_bool(ev, out, is) : rc;
}

FN(hf_path_fn_conforms_to)
{
	static const struct hf_sv base = {"http://hl7.org/fhir/StructureDefinition/",
					  40};
	struct hf_sv url;
	hf_type_id type = 0;
	bool has;
	enum hf_rc rc = hf_path_arg_text(ev, n, 0, f, &url, &has);

	if (rc != HF_OK || !has || in->n == 0)
		return rc;
	if (in->n > 1)
		return hf_path_fail(ev, n,
				    "conformsTo() asks about one value, but "
				    "there are several");
	url.n = hf_sv_find(url, '|');
	if (hf_sv_starts(url, base))
		type = hf_type_find(hf_sv_from_at(url, base.n));
	if (type == 0)
		return hf_path_fail(ev, n, "the profile is not known here");
	return hf_path_push_bool(ev, out,
				 in->items[0].kind == HF_PV_NODE &&
				     in->items[0].type != 0 &&
				     hf_type_is(in->items[0].type, type));
}

/* Passes the input on, unless something in it has a modifier extension whose URL is
 * none of the arguments. */
FN(hf_path_fn_check_modifiers)
{
	static const struct path_step step = {.name = {"modifierExtension", 17}};
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		struct hf_pvs found = {0};

		rc = hf_path_member(ev, &in->items[i], &step, &found);
		for (size_t k = 0; rc == HF_OK && k < found.n; k++) {
			struct hf_sv url =
			    found.items[k].node == HF_JSON_NONE
				? HF_SV("")
				: member_text(ev, &found.items[k], HF_SV("url"));
			bool expected = false;

			for (unsigned a = 0; rc == HF_OK && a < n->n; a++) {
				struct hf_sv known;
				bool has;

				rc = hf_path_arg_text(ev, n, a, f, &known, &has);
				expected = expected || (has && hf_sv_eq(known, url));
			}
			if (rc == HF_OK && !expected)
				return hf_path_fail(
				    ev, n,
				    "there is a modifier extension that "
				    "was not expected");
		}
		if (rc == HF_OK)
			rc = hf_path_push(ev, out, &in->items[i]);
	}
	return rc;
}

FN(hf_path_fn_comparable)
{
	struct hf_pvs arg = {0};
	struct hf_decimal x, y;
	struct hf_pv a, b;
	bool has_a, has_b = false;
	enum hf_rc rc = hf_path_single(ev, n, in, &a, &has_a);

	if (rc == HF_OK)
		rc = hf_path_value(ev, n, 0, f, &arg);
	if (rc == HF_OK)
		rc = hf_path_single(ev, n, &arg, &b, &has_b);
	if (rc != HF_OK || !has_a || !has_b)
		return rc;
	return hf_path_push_bool(ev, out,
				 a.kind == HF_PV_QUANTITY && b.kind == HF_PV_QUANTITY &&
				     hf_path_same_unit(&a, &b, &x, &y));
}
