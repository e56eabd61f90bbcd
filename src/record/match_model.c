/* match_model.c - see match_model.h. */
#include "record/match_model.h"

#include <stdio.h>
#include <stdlib.h>

static const struct level {
	enum hf_match_field field;
	const char *code;
} levels[HF_AGREES] = {
    [HF_AGREE_NONE] = {HF_MATCH_FIELDS, ""},
#define HF_AGREE(f, name, m, u, text) [HF_AGREE_##f##_##name] = {HF_MATCH_##f, #name},
#include "record/match_level.def"
#undef HF_AGREE
};

const char *
hf_match_level_code(enum hf_match_level level)
{
	return levels[level].code;
}

enum hf_match_level
hf_match_level_find(struct hf_sv field, struct hf_sv code)
{
	for (enum hf_match_level l = HF_AGREE_NONE + 1; l < HF_AGREES; l++)
		if (hf_sv_eq(code, hf_sv_from(levels[l].code)) &&
		    hf_sv_eq(field, hf_sv_from(hf_match_field_code(levels[l].field))))
			return l;
	return HF_AGREE_NONE;
}

/* ---- the model ---- */

static void
put_number(struct hf_jw *w, struct hf_sv key, double v)
{
	char text[40];

	snprintf(text, sizeof text, "%.12g", v);
	hf_jw_key(w, key);
	hf_jw_raw(w, hf_sv_from(text));
}

void
hf_match_model_write(const struct hf_match_model *model, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_jw_member(w, "form");
	hf_jw_int(w, 1);
	hf_jw_member(w, "trainedOn");
	hf_jw_int(w, (int64_t)model->trained_on);
	put_number(w, HF_SV("prior"), model->prior);
	put_number(w, HF_SV("link"), model->link);
	put_number(w, HF_SV("review"), model->review);
	hf_jw_member(w, "levels");
	hf_jw_arr(w);
	for (enum hf_match_level l = HF_AGREE_NONE + 1; l < HF_AGREES; l++) {
		hf_jw_obj(w);
		hf_jw_field(w, "field",
			    hf_sv_from(hf_match_field_code(levels[l].field)));
		hf_jw_field(w, "level", hf_sv_from(levels[l].code));
		put_number(w, HF_SV("m"), model->m[l]);
		put_number(w, HF_SV("u"), model->u[l]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static bool
take_number(struct hf_sv text, double *out)
{
	char copy[64], *end;

	if (text.n == 0 || text.n >= sizeof copy)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0' && *out > -1e9 && *out < 1e9;
}

static bool
get_number(const struct hf_json *doc, uint32_t node, const char *name, double *out)
{
	uint32_t at = hf_json_get(doc, node, hf_sv_from(name));

	return at != HF_JSON_NONE && hf_json_type(doc, at) == HF_JSON_NUMBER &&
	       take_number(hf_json_raw(doc, at), out);
}

static bool
get_share(const struct hf_json *doc, uint32_t node, const char *name, double *out)
{
	return get_number(doc, node, name, out) && *out > 0 && *out < 1;
}

static enum hf_rc
broken(struct hf_err *err, const char *path)
{
	return hf_fail(err, HF_INVALID, path,
		       "the weights of the matcher are not of a form that is known");
}

enum hf_rc
hf_match_model_read(const struct hf_json *doc, uint32_t node,
		    struct hf_match_model *out, struct hf_err *err)
{
	struct hf_match_model m = hf_match_model_default();
	uint32_t list = hf_json_member(doc, node, "levels");
	double form = 0, pairs = 0;

	if (!get_number(doc, node, "form", &form) || form < 1 || form > 1)
		return broken(err, "form");
	if (!get_number(doc, node, "trainedOn", &pairs) || pairs < 0 ||
	    !get_number(doc, node, "prior", &m.prior) ||
	    !get_number(doc, node, "link", &m.link) ||
	    !get_number(doc, node, "review", &m.review) || m.review > m.link)
		return broken(err, "link");
	m.trained_on = (size_t)pairs;
	for (uint32_t i = 0; list != HF_JSON_NONE && i < hf_json_count(doc, list);
	     i++) {
		uint32_t one = hf_json_at(doc, list, i);
		uint32_t field = hf_json_member(doc, one, "field");
		uint32_t code = hf_json_member(doc, one, "level");
		enum hf_match_level l;

		if (field == HF_JSON_NONE || code == HF_JSON_NONE)
			return broken(err, "levels");
		l = hf_match_level_find(hf_json_raw(doc, field),
					hf_json_raw(doc, code));
		if (l != HF_AGREE_NONE && (!get_share(doc, one, "m", &m.m[l]) ||
					   !get_share(doc, one, "u", &m.u[l])))
			return broken(err, "levels");
	}
	*out = m;
	return HF_OK;
}

/* ---- what a pair agreed in ---- */

struct hf_sv
hf_match_fields(const struct hf_match_result *r, struct hf_arena *arena)
{
	char text[HF_MATCH_FIELDS * 48];
	size_t n = 0;

	text[0] = '\0';
	for (size_t f = 0; f < HF_MATCH_FIELDS; f++) {
		enum hf_match_level l = r->level[f];

		if (l == HF_AGREE_NONE || n >= sizeof text)
			continue;
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s:%s:%.2f",
				      n ? " " : "",
				      hf_match_field_code((enum hf_match_field)f),
				      levels[l].code, (double)r->weight[f]);
	}
	return hf_arena_sv(arena, hf_sv_from(text));
}

bool
hf_match_fields_next(struct hf_sv *rest, enum hf_match_level *level, double *bits)
{
	struct hf_sv one = hf_sv_cut(rest, ' ');
	struct hf_sv field = hf_sv_cut(&one, ':');
	struct hf_sv code = hf_sv_cut(&one, ':');

	*level = hf_match_level_find(field, code);
	return *level != HF_AGREE_NONE && take_number(one, bits);
}
