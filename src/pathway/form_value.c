/* form_value.c - values of forms: reading, comparing, writing. */
#include "pathway/form_int.h"

const struct hf_qn_type_row hf_qn_types[HF_QN_TYPES] = {
#define HF_QN_TYPE(name, code, value, kind) {code, value, HF_QN_##kind},
#include "pathway/form_type.def"
#undef HF_QN_TYPE
};

/* ---- reading ---- */

static const char *
read_number(const struct hf_json *doc, uint32_t node, bool whole,
	    struct hf_qn_value *out)
{
	int64_t v;

	if (hf_json_type(doc, node) != HF_JSON_NUMBER)
		return "expected a number";
	out->text = hf_json_raw(doc, node);
	if (!hf_decimal_parse(out->text, &out->number))
		return "the number has too many digits";
	if (whole &&
	    (!hf_sv_int(out->text, &v) || v > INT32_MAX || v < -(int64_t)INT32_MAX))
		return "expected a whole number";
	return "";
}

static bool
two_digits(const char *p, int most, int64_t *out)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*out = (p[0] - '0') * 10 + (p[1] - '0');
	return *out <= most;
}

/* hh:mm:ss with or without a fraction, which does not order. */
static bool
read_time(struct hf_sv text, int64_t *ms)
{
	int64_t h, m, s;

	if (text.n < 8 || text.n > 20 || text.p[2] != ':' || text.p[5] != ':' ||
	    !two_digits(text.p, 23, &h) || !two_digits(text.p + 3, 59, &m) ||
	    !two_digits(text.p + 6, 59, &s) ||
	    (text.n > 8 && (text.p[8] != '.' || text.n == 9)))
		return false;
	for (size_t i = 9; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	*ms = ((h * 60 + m) * 60 + s) * 1000;
	return true;
}

static const char *
read_moment(struct hf_sv text, enum hf_qn_type type, struct hf_qn_value *out)
{
	struct hf_date date;

	out->text = text;
	if (type == HF_QN_TIME)
		return read_time(text, &out->lo) ? "" : "expected a time as hh:mm:ss";
	if (!hf_date_parse(text, false, &date))
		return "expected a date";
	if (type == HF_QN_DATE && text.n > 10)
		return "expected a date without a time";
	out->lo = date.lo;
	return "";
}

static const char *
read_words(struct hf_sv text, enum hf_qn_type type, struct hf_qn_value *out)
{
	if (hf_sv_trim(text).n == 0)
		return "it is empty: leave the item out";
	if (text.n > HF_QN_LENGTH)
		return "it is too long";
	if (memchr(text.p, 0, text.n))
		return "it holds a character that is no text";
	if (type == HF_QN_STRING && memchr(text.p, '\n', text.n))
		return "one line is expected";
	out->text = text;
	return "";
}

static struct hf_sv
member(const struct hf_json *doc, uint32_t object, const char *name,
       struct hf_arena *arena)
{
	struct hf_sv s =
	    hf_json_str(doc, hf_json_get(doc, object, hf_sv_from(name)), arena);

	return s.p ? s : HF_SV("");
}

static const char *
read_code(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
	  struct hf_qn_value *out)
{
	if (hf_json_type(doc, node) != HF_JSON_OBJECT)
		return "expected a code";
	out->system = member(doc, node, "system", arena);
	out->code = member(doc, node, "code", arena);
	out->text = member(doc, node, "display", arena);
	return out->code.n ? "" : "the code is missing";
}

static const char *
read_measure(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
	     struct hf_qn_value *out)
{
	uint32_t value = hf_json_member(doc, node, "value");

	if (hf_json_type(doc, node) != HF_JSON_OBJECT || value == HF_JSON_NONE)
		return "expected a number with its unit";
	if (hf_json_member(doc, node, "comparator") != HF_JSON_NONE)
		return "a number is expected, not more or less than one";
	out->system = member(doc, node, "system", arena);
	out->code = member(doc, node, "code", arena);
	if (out->code.n == 0)
		out->code = member(doc, node, "unit", arena);
	return read_number(doc, value, false, out);
}

const char *
hf_qn_value_read(const struct hf_json *doc, uint32_t node, enum hf_qn_type type,
		 struct hf_arena *arena, struct hf_qn_value *out)
{
	*out = (struct hf_qn_value){.kind = hf_qn_types[type].kind};
	switch (out->kind) {
	case HF_QN_NOTHING:
		return "no answer is expected here";
	case HF_QN_TRUTH:
		out->b = hf_json_type(doc, node) == HF_JSON_TRUE;
		return out->b || hf_json_type(doc, node) == HF_JSON_FALSE
			   ? ""
			   : "expected true or false";
	case HF_QN_NUMBER:
		return read_number(doc, node, type == HF_QN_INTEGER, out);
	case HF_QN_MEASURE:
		return read_measure(doc, node, arena, out);
	case HF_QN_CODE:
		return read_code(doc, node, arena, out);
	case HF_QN_MOMENT:
	case HF_QN_WORDS:
		break;
	}
	if (hf_json_type(doc, node) != HF_JSON_STRING)
		return "expected a text";
	return out->kind == HF_QN_MOMENT
		   ? read_moment(hf_json_str(doc, node, arena), type, out)
		   : read_words(hf_json_str(doc, node, arena), type, out);
}

const char *
hf_qn_value_any(const struct hf_json *doc, uint32_t object, const char *prefix,
		enum hf_qn_type type, struct hf_arena *arena, struct hf_qn_value *out)
{
	struct hf_sv want = hf_sv_from(hf_qn_types[type].member);
	size_t skip = strlen("value"), n = strlen(prefix);
	uint32_t found = HF_JSON_NONE;

	if (hf_json_type(doc, object) != HF_JSON_OBJECT)
		return "expected an object with a value";
	for (uint32_t c = object + 1; c < doc->nodes[object].next;
	     c = doc->nodes[c].next) {
		if (!hf_sv_starts(hf_json_key(doc, c), hf_sv_from(prefix)))
			continue;
		if (found != HF_JSON_NONE)
			return "one value is expected, not several";
		found = c;
	}
	if (found == HF_JSON_NONE)
		return NULL;
	struct hf_sv key = hf_sv_from_at(hf_json_key(doc, found), n);

	if (want.n > skip && hf_sv_eq(key, hf_sv_from_at(want, skip)))
		return hf_qn_value_read(doc, found, type, arena, out);
	if (type == HF_QN_OPEN_CHOICE && hf_sv_is(key, "String"))
		return hf_qn_value_read(doc, found, HF_QN_STRING, arena, out);
	return "the value is of another type than the item";
}

/* ---- comparing ---- */

static int
sign(bool below, bool above)
{
	return below ? -1 : above ? 1 : 0;
}

int
hf_qn_value_cmp(const struct hf_qn_value *a, const struct hf_qn_value *b)
{
	if (a->kind != b->kind)
		return 2;
	switch (a->kind) {
	case HF_QN_TRUTH:
		return a->b == b->b ? 0 : 2;
	case HF_QN_MEASURE:
		if (!hf_sv_eq(a->code, b->code))
			return 2;
		return hf_decimal_cmp(a->number, b->number);
	case HF_QN_NUMBER:
		return hf_decimal_cmp(a->number, b->number);
	case HF_QN_MOMENT:
		return sign(a->lo<b->lo, a->lo> b->lo);
	case HF_QN_WORDS:
		return hf_sv_eq(a->text, b->text) ? 0 : 2;
	case HF_QN_CODE:
		return hf_sv_eq(a->code, b->code) && hf_sv_eq(a->system, b->system) ? 0
										    : 2;
	case HF_QN_NOTHING:
		break;
	}
	return 2;
}

bool
hf_qn_offers(const struct hf_qn_item *item, const struct hf_qn_value *code)
{
	for (size_t i = 0; i < item->n_options; i++)
		if (hf_qn_value_cmp(&item->options[i], code) == 0)
			return true;
	return false;
}

/* ---- writing ---- */

static void
write_code(struct hf_jw *w, const struct hf_qn_value *v)
{
	hf_jw_obj(w);
	if (v->system.n)
		hf_jw_field(w, "system", v->system);
	hf_jw_field(w, "code", v->code);
	if (v->text.n)
		hf_jw_field(w, "display", v->text);
	hf_jw_obj_end(w);
}

static void
write_measure(struct hf_jw *w, const struct hf_qn_value *v)
{
	hf_jw_obj(w);
	hf_jw_member(w, "value");
	hf_jw_raw(w, v->text);
	hf_jw_field(w, "unit", v->code);
	hf_jw_field(w, "system", HF_SV("http://unitsofmeasure.org"));
	hf_jw_field(w, "code", v->code);
	hf_jw_obj_end(w);
}

void
hf_qn_value_write(struct hf_jw *w, const struct hf_qn_item *item,
		  const struct hf_qn_value *v)
{
	hf_jw_key(w, v->kind == HF_QN_WORDS
			 ? HF_SV("valueString")
			 : hf_sv_from(hf_qn_types[item->type].member));
	switch (v->kind) {
	case HF_QN_TRUTH:
		hf_jw_bool(w, v->b);
		return;
	case HF_QN_NUMBER:
		hf_jw_raw(w, v->text);
		return;
	case HF_QN_MEASURE:
		write_measure(w, v);
		return;
	case HF_QN_CODE:
		write_code(w, v);
		return;
	case HF_QN_MOMENT:
	case HF_QN_WORDS:
		hf_jw_str(w, v->text);
		return;
	case HF_QN_NOTHING:
		break;
	}
	hf_jw_null(w);
}
