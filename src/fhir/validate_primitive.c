/* validate_primitive.c - the formats of the primitive types (FHIR R4, datatypes
 * 2.24.0.1), each by its regular expression there. */
#include "fhir/validate_impl.h"

#include "base/time.h"

enum { STRING_MOST = 1 << 20 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
has_blank(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_blank(s.p[i]))
			return true;
	return false;
}

/* [^\s]+(\s[^\s]+)* */
static bool
is_code(struct hf_sv s)
{
	bool blank = true;

	for (size_t i = 0; i < s.n; i++) {
		if (is_blank(s.p[i]) && blank)
			return false;
		blank = is_blank(s.p[i]);
	}
	return !blank;
}

bool
hf_v_is_id(struct hf_sv s)
{
	if (s.n == 0 || s.n > 64)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!is_digit(c) && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && c != '-' && c != '.')
			return false;
	}
	return true;
}

/* urn:oid:[0-2](\.(0|[1-9][0-9]*))+ */
static bool
is_oid(struct hf_sv s)
{
	struct hf_sv arc;

	if (!hf_sv_starts(s, HF_SV("urn:oid:")))
		return false;
	s = hf_sv_from_at(s, 8);
	arc = hf_sv_cut(&s, '.');
	if (arc.n != 1 || arc.p[0] < '0' || arc.p[0] > '2' || !s.p)
		return false;
	while (s.p) {
		arc = hf_sv_cut(&s, '.');
		if (arc.n == 0 || (arc.n > 1 && arc.p[0] == '0'))
			return false;
		for (size_t i = 0; i < arc.n; i++)
			if (!is_digit(arc.p[i]))
				return false;
	}
	return true;
}

/* urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12} */
static bool
is_uuid(struct hf_sv s)
{
	if (!hf_sv_starts(s, HF_SV("urn:uuid:")) || s.n != 9 + 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		char c = s.p[9 + i];

		if (dash ? c != '-' : !(is_digit(c) || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}

static bool
two_digits(struct hf_sv s, size_t at, int most)
{
	return s.n >= at + 2 && is_digit(s.p[at]) && is_digit(s.p[at + 1]) &&
	       (s.p[at] - '0') * 10 + (s.p[at + 1] - '0') <= most;
}

/* ([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)? */
static bool
is_time(struct hf_sv s)
{
	if (!two_digits(s, 0, 23) || !two_digits(s, 3, 59) || !two_digits(s, 6, 60) ||
	    s.p[2] != ':' || s.p[5] != ':')
		return false;
	if (s.n == 8)
		return true;
	for (size_t i = 9; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.p[8] == '.' && s.n > 9;
}

/* Dates must also exist in the calendar. */
static bool
is_date(struct hf_sv s)
{
	struct hf_date d;

	return s.n <= 10 && hf_date_parse(s, false, &d);
}

static bool
is_date_time(struct hf_sv s)
{
	struct hf_date d;

	return hf_date_parse(s, false, &d);
}

static bool
is_instant(struct hf_sv s)
{
	struct hf_date d;

	return s.n > 10 && hf_date_parse(s, false, &d) && d.zoned;
}

/* (\s*([0-9a-zA-Z\+\/=]){4}\s*)+, with = only at the end. */
static bool
is_base64(struct hf_sv s)
{
	size_t n = 0, pad = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (is_blank(c))
			continue;
		if (c == '=')
			pad++;
		else if (pad || (!is_digit(c) && !(c >= 'a' && c <= 'z') &&
				 !(c >= 'A' && c <= 'Z') && c != '+' && c != '/'))
			return false;
		n++;
	}
	return n > 0 && n % 4 == 0 && pad <= 2;
}

/* A div element; what is in it is not looked at. */
static bool
is_div(struct hf_sv s)
{
	s = hf_sv_trim(s);
	if (!hf_sv_starts(s, HF_SV("<div")) || s.n < 6)
		return false;
	if (s.p[4] != '>' && s.p[4] != '/' && !is_blank(s.p[4]))
		return false;
	return hf_sv_ends(s, HF_SV("</div>")) || hf_sv_ends(s, HF_SV("/>"));
}

static bool
is_uri(struct hf_sv s)
{
	return !has_blank(s);
}

/* 0|-?[1-9][0-9]* in 32 bits and not below least.  JSON has seen to the rest of the
 * grammar. */
static bool
is_integer(struct hf_sv s, int64_t least)
{
	int64_t n;

	return !(s.n > 1 && s.p[0] == '-' && s.p[1] == '0') && hf_sv_int(s, &n) &&
	       n >= least && n <= INT32_MAX;
}

/* How a type is written, and what a finding says of it. */
static const struct format {
	enum hf_json_type json; /* HF_JSON_TRUE stands for both booleans */
	bool (*ok)(struct hf_sv text);
	int64_t least;
	const char *is;
} formats[] = {
    [HF_FORM_BASE64_BINARY] = {HF_JSON_STRING, is_base64, 0,
			       "base64 in groups of four characters"},
    [HF_FORM_BOOLEAN] = {HF_JSON_TRUE, NULL, 0, "true or false without quotes"},
    [HF_FORM_CANONICAL] = {HF_JSON_STRING, is_uri, 0, "a URI without white space"},
    [HF_FORM_CODE] = {HF_JSON_STRING, is_code, 0,
		      "text without white space at its ends and with single blanks "
		      "in it"},
    [HF_FORM_DATE] = {HF_JSON_STRING, is_date, 0,
		      "a day, month or year that exists: YYYY, YYYY-MM or YYYY-MM-DD"},
    [HF_FORM_DATE_TIME] = {HF_JSON_STRING, is_date_time, 0,
			   "YYYY, YYYY-MM, YYYY-MM-DD or a time with seconds and zone, "
			   "as 2026-11-22T09:30:00Z"},
    [HF_FORM_DECIMAL] = {HF_JSON_NUMBER, NULL, 0, "a number without quotes"},
    [HF_FORM_ID] = {HF_JSON_STRING, hf_v_is_id, 0,
		    "1 to 64 of the characters A-Z a-z 0-9 - ."},
    [HF_FORM_INSTANT] = {HF_JSON_STRING, is_instant, 0,
			 "a time with seconds and zone, as 2026-11-22T09:30:00Z"},
    [HF_FORM_INTEGER] = {HF_JSON_NUMBER, NULL, INT32_MIN,
			 "a whole number from -2147483648 to 2147483647"},
    [HF_FORM_MARKDOWN] = {HF_JSON_STRING, NULL, 0, "text"},
    [HF_FORM_OID] = {HF_JSON_STRING, is_oid, 0, "urn:oid: and an OID"},
    [HF_FORM_POSITIVE_INT] = {HF_JSON_NUMBER, NULL, 1,
			      "a whole number from 1 to 2147483647"},
    [HF_FORM_STRING] = {HF_JSON_STRING, NULL, 0, "text"},
    [HF_FORM_TIME] = {HF_JSON_STRING, is_time, 0,
		      "hh:mm:ss, with a fraction if needed"},
    [HF_FORM_UNSIGNED_INT] = {HF_JSON_NUMBER, NULL, 0,
			      "a whole number from 0 to 2147483647"},
    [HF_FORM_URI] = {HF_JSON_STRING, is_uri, 0, "a URI without white space"},
    [HF_FORM_URL] = {HF_JSON_STRING, is_uri, 0, "a URL without white space"},
    [HF_FORM_UUID] = {HF_JSON_STRING, is_uuid, 0, "urn:uuid: and a UUID in lower case"},
    [HF_FORM_XHTML] = {HF_JSON_STRING, is_div, 0, "one <div> element of XHTML"},
};

static const char *
json_name(enum hf_json_type t)
{
	return t == HF_JSON_STRING   ? "string"
	       : t == HF_JSON_NUMBER ? "number"
				     : "boolean";
}

/* The control character that an escape at s (behind its backslash) stands for; -1
 * for another character, and for tab, line feed and carriage return. */
static int
control_at(struct hf_sv s)
{
	int c;

	if (s.p[0] == 'b' || s.p[0] == 'f')
		return s.p[0] == 'b' ? '\b' : '\f';
	if (s.n < 5 || memcmp(s.p, "u00", 3) != 0 || s.p[3] > '1')
		return -1;
	c = (s.p[3] - '0') * 16 +
	    (is_digit(s.p[4]) ? s.p[4] - '0' : (s.p[4] | 0x20) - 'a' + 10);
	return c == '\t' || c == '\n' || c == '\r' ? -1 : c;
}

/* Control characters, which XML cannot carry, stand in JSON as escapes only.  FHIR
 * advises against them; NUL ends the string for many a reader. */
static void
check_controls(struct hf_v *v, struct hf_sv raw, const struct hf_vstep *at)
{
	bool found = false;

	for (size_t i = 0; i + 1 < raw.n; i++) {
		int c;

		if (raw.p[i] != '\\')
			continue;
		c = control_at(hf_sv_from_at(raw, ++i));
		if (c == 0) {
			hf_v_error(v, at, "value", "a string holds no NUL character");
			return;
		}
		found = found || c > 0;
	}
	if (found)
		hf_v_find(v, at, HF_SEV_WARNING, "value",
			  "a string should hold no control characters but tab, line "
			  "feed and carriage return");
}

static void
check_string(struct hf_v *v, const struct hf_elem *e, hf_type_id type, uint32_t node,
	     const struct hf_vstep *at)
{
	enum hf_form form = hf_type_get(type)->form;
	const struct format *f = &formats[form];
	struct hf_sv text = hf_json_raw(v->doc, node);

	if (text.n == 0) {
		hf_v_error(v, at, "value",
			   "a %s is not empty in FHIR: leave the element out",
			   hf_type_get(type)->name);
		return;
	}
	if (v->doc->nodes[node].escaped)
		check_controls(v, text, at);
	if (f->ok) {
		text = hf_v_text(v, node);
		if (!text.p) {
			hf_v_error(v, at, "too-long", "the value is too long");
			return;
		}
	}
	if (form != HF_FORM_BASE64_BINARY && form != HF_FORM_XHTML &&
	    text.n > STRING_MOST)
		hf_v_error(v, at, "too-long",
			   "a %s has at most 1048576 bytes, but this has %zu",
			   hf_type_get(type)->name, text.n);
	else if (f->ok && !f->ok(text))
		hf_v_error(v, at, "value", "this is no %s: it is written as %s",
			   hf_type_get(type)->name, f->is);
	else if (form == HF_FORM_CODE && e->binding &&
		 hf_binding_check(e->binding, (struct hf_sv){0}, text) == HF_BIND_OUT)
		hf_v_not_bound(v, e->binding, at);
}

static void
check_number(struct hf_v *v, hf_type_id type, uint32_t node, const struct hf_vstep *at)
{
	enum hf_form form = hf_type_get(type)->form;
	struct hf_sv raw = hf_json_raw(v->doc, node);

	if (form != HF_FORM_DECIMAL && !is_integer(raw, formats[form].least))
		hf_v_error(v, at, "value", "this is no %s: it is written as %s",
			   hf_type_get(type)->name, formats[form].is);
}

void
hf_v_primitive(struct hf_v *v, const struct hf_elem *e, hf_type_id type, uint32_t node,
	       const struct hf_vstep *at)
{
	const struct format *f = &formats[hf_type_get(type)->form];
	enum hf_json_type t = hf_json_type(v->doc, node);

	if (t == HF_JSON_FALSE)
		t = HF_JSON_TRUE;
	if (t != f->json)
		hf_v_error(v, at, "structure",
			   "a %s is a JSON %s and no other JSON type: it is written as "
			   "%s",
			   hf_type_get(type)->name, json_name(f->json), f->is);
	else if (t == HF_JSON_STRING)
		check_string(v, e, type, node, at);
	else if (t == HF_JSON_NUMBER)
		check_number(v, type, node, at);
}
