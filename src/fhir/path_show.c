/* path_show.c - the results of an expression as JSON. */
#include "fhir/path_show.h"

#include "fhir/decimal.h"

/* Elements that are defined in place have no type of a name of their own. */
struct hf_sv
hf_type_shown(hf_type_id type)
{
	const char *name = hf_type_get(type)->name;

	if (!strchr(name, '.'))
		return hf_sv_from(name);
	return hf_type_is(type, hf_type_find(HF_SV("BackboneElement")))
		   ? HF_SV("BackboneElement")
		   : HF_SV("Element");
}

struct hf_sv
hf_pv_type_name(const struct hf_pv *v)
{
	static const char *const names[] = {
	    [HF_PV_BOOL] = "boolean",	   [HF_PV_INT] = "integer",
	    [HF_PV_DECIMAL] = "decimal",   [HF_PV_STRING] = "string",
	    [HF_PV_DATE] = "date",	   [HF_PV_TIME] = "time",
	    [HF_PV_QUANTITY] = "Quantity", [HF_PV_TYPE] = "TypeInfo",
	};
	if (v->kind == HF_PV_DATE && v->b)
		return HF_SV("dateTime");
	if (v->kind != HF_PV_NODE)
		return hf_sv_from(names[v->kind]);
	return v->type ? hf_type_shown(v->type) : HF_SV("Element");
}

static void
show_system(const struct hf_pv *v, struct hf_arena *arena, struct hf_jw *w)
{
	switch (v->kind) {
	case HF_PV_BOOL:
		hf_jw_bool(w, v->b);
		break;
	case HF_PV_INT:
		hf_jw_int(w, v->i);
		break;
	case HF_PV_DECIMAL:
		hf_jw_raw(w, v->text);
		break;
	case HF_PV_QUANTITY:
		hf_jw_obj(w);
		hf_jw_member(w, "value");
		hf_jw_raw(w, v->text);
		hf_jw_field(w, "unit", v->unit);
		hf_jw_obj_end(w);
		break;
	case HF_PV_TYPE:
		hf_jw_obj(w);
		hf_jw_field(w, "namespace", v->unit);
		hf_jw_field(w, "name", v->text);
		hf_jw_obj_end(w);
		break;
	default:
		hf_jw_str(w, hf_pv_text(v, arena));
		break;
	}
}

/* On one line, whatever lines it has in the resource. */
static void
show_node(const struct hf_pv *v, struct hf_jw *w)
{
	hf_jw_raw(w, HF_SV(""));
	hf_json_minify(v->doc, v->node, w->out);
}

enum hf_rc
hf_path_show(const struct hf_pvs *results, struct hf_arena *arena, struct hf_buf *out,
	     struct hf_err *err)
{
	struct hf_jw w = {.out = out};

	hf_jw_arr(&w);
	for (size_t i = 0; i < results->n; i++) {
		const struct hf_pv *v = &results->items[i];

		hf_jw_obj(&w);
		hf_jw_field(&w, "type", hf_pv_type_name(v));
		hf_jw_member(&w, "value");
		if (v->kind != HF_PV_NODE)
			show_system(v, arena, &w);
		else if (v->node == HF_JSON_NONE)
			hf_jw_null(&w);
		else
			show_node(v, &w);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	return out->failed ? hf_fail(err, HF_TOO_LONG, NULL,
				     "the results are longer than may be shown at once")
			   : HF_OK;
}
