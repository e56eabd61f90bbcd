/* audit_line.c - one line of the audit, written and read. */
#include "access/audit_line.h"

#include "fhir/json.h"

static const struct {
	const char *word;
	char action;
	const char *text;
} codes[] = {
    [HF_AUDIT_NONE] = {"", 'E', "did something"},
#define HF_AUDIT(name, word, action, kind, text)                                       \
	[HF_AUDIT_##name] = {word, action, text},
#include "access/audit_codes.def"
#undef HF_AUDIT
};

const char *
hf_audit_subtype(enum hf_audit_code code)
{
	assert(code < HF_COUNT(codes));
	return codes[code].word;
}

char
hf_audit_action(enum hf_audit_code code)
{
	assert(code < HF_COUNT(codes));
	return codes[code].action;
}

const char *
hf_audit_text(enum hf_audit_code code)
{
	assert(code < HF_COUNT(codes));
	return codes[code].text;
}

enum hf_audit_code
hf_audit_code_of(struct hf_sv subtype)
{
	for (size_t i = 1; i < HF_COUNT(codes); i++)
		if (hf_sv_eq(subtype, hf_sv_from(codes[i].word)))
			return (enum hf_audit_code)i;
	return HF_AUDIT_NONE;
}

int
hf_audit_outcome(int status)
{
	return status < 400 ? 0 : status < 500 ? 4 : 8;
}

bool
hf_audit_id_fit(struct hf_sv id)
{
	if (id.n == 0 || id.n > 64)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.' &&
		    c != ':')
			return false;
	}
	return true;
}

/* ---- writing ---- */

static void
optional(struct hf_jw *w, struct hf_sv key, struct hf_sv value)
{
	if (value.n)
		hf_jw_kv(w, key, value);
}

static void
number(struct hf_jw *w, struct hf_sv key, int64_t v)
{
	hf_jw_key(w, key);
	hf_jw_int(w, v);
}

static void
shelves(struct hf_jw *w, const struct hf_audit_event *e)
{
	if (e->n_shelves == 0)
		return;
	hf_jw_member(w, "shelves");
	hf_jw_arr(w);
	for (size_t i = 0; i < e->n_shelves && i < HF_AUDIT_SHELVES; i++)
		hf_jw_int(w, e->shelves[i]);
	hf_jw_arr_end(w);
	if (e->more_shelves || e->n_shelves > HF_AUDIT_SHELVES) {
		hf_jw_member(w, "more");
		hf_jw_bool(w, true);
	}
}

static void
who(struct hf_jw *w, const struct hf_audit_event *e)
{
	hf_jw_field(w, "agent", e->actor);
	optional(w, HF_SV("role"), e->role);
	optional(w, HF_SV("org"), e->org);
	optional(w, HF_SV("who"), e->who);
	optional(w, HF_SV("behalf"), e->behalf);
	if (e->session)
		number(w, HF_SV("session"), e->session);
	optional(w, HF_SV("address"), e->address);
	optional(w, HF_SV("request"), e->request);
	hf_jw_field(w, "purpose", e->purpose);
	optional(w, HF_SV("relations"), e->relations);
	optional(w, HF_SV("glass"), e->glass);
	optional(w, HF_SV("case"), e->case_ref);
}

static void
outcome(struct hf_jw *w, const struct hf_audit_event *e)
{
	number(w, HF_SV("status"), e->status);
	number(w, HF_SV("outcome"), hf_audit_outcome(e->status));
	optional(w, HF_SV("decision"), e->decision);
	optional(w, HF_SV("rule"), e->rule);
	optional(w, HF_SV("policy"), e->policy);
	optional(w, HF_SV("notes"), e->notes);
}

/* n digits of v, zeros in front.  A line is written for each request: printf would
 * take a quarter of its time. */
static char *
digits(char *at, int64_t v, int n)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		at[i] = (char)('0' + v % 10);
	return at + n;
}

/* As hf_time_format(). */
static struct hf_sv
write_time(hf_time t, char text[24])
{
	struct hf_civil c = hf_civil_from_time(t);
	char *at = digits(text, c.year, 4);

	*at++ = '-';
	at = digits(at, c.month, 2);
	*at++ = '-';
	at = digits(at, c.day, 2);
	*at++ = 'T';
	at = digits(at, c.hour, 2);
	*at++ = ':';
	at = digits(at, c.minute, 2);
	*at++ = ':';
	at = digits(at, c.second, 2);
	*at++ = '.';
	at = digits(at, c.ms, 3);
	*at++ = 'Z';
	return (struct hf_sv){text, (size_t)(at - text)};
}

void
hf_audit_line(const struct hf_audit_event *e, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};
	char action = hf_audit_action(e->code), text[32];

	hf_jw_obj(&w);
	if (e->seq)
		number(&w, HF_SV("seq"), (int64_t)e->seq);
	hf_jw_field(&w, "recorded", write_time(e->at, text));
	who(&w, e);
	hf_jw_field(&w, "action", ((struct hf_sv){&action, 1}));
	hf_jw_field(&w, "subtype", hf_sv_from(hf_audit_subtype(e->code)));
	optional(&w, HF_SV("route"), e->route);
	optional(&w, HF_SV("entity"), e->what);
	shelves(&w, e);
	optional(&w, HF_SV("params"), e->names);
	if (e->query) {
		snprintf(text, sizeof text, "%016llx", (unsigned long long)e->query);
		hf_jw_field(&w, "query", hf_sv_from(text));
	}
	if (e->hits >= 0)
		number(&w, HF_SV("hits"), e->hits);
	outcome(&w, e);
	hf_jw_obj_end(&w);
	hf_buf_char(out, '\n');
}

/* ---- reading ---- */

/* The texts, by the name of their member. */
static const struct {
	const char *name;
	size_t at;
} texts[] = {
#define TEXT(name, field)                                                              \
	{                                                                              \
		name, offsetof(struct hf_audit_event, field)                           \
	}
    TEXT("agent", actor),     TEXT("role", role),	TEXT("org", org),
    TEXT("who", who),	      TEXT("behalf", behalf),	TEXT("address", address),
    TEXT("request", request), TEXT("purpose", purpose), TEXT("relations", relations),
    TEXT("glass", glass),     TEXT("case", case_ref),	TEXT("route", route),
    TEXT("entity", what),     TEXT("params", names),	TEXT("decision", decision),
    TEXT("rule", rule),	      TEXT("policy", policy),	TEXT("notes", notes),
#undef TEXT
};

static bool
read_text(const struct hf_json *d, uint32_t i, struct hf_arena *arena,
	  struct hf_audit_event *e)
{
	struct hf_sv key = hf_json_key(d, i), v;

	for (size_t k = 0; k < HF_COUNT(texts); k++) {
		if (!hf_sv_eq(key, hf_sv_from(texts[k].name)))
			continue;
		v = hf_json_str(d, i, arena);
		if (!v.p)
			return false;
		memcpy((char *)e + texts[k].at, &v, sizeof v);
		return true;
	}
	return true;
}

static bool
read_shelves(const struct hf_json *d, uint32_t i, struct hf_arena *arena,
	     struct hf_audit_event *e)
{
	size_t n = hf_json_count(d, i);
	int64_t *list = hf_arena_array(arena, n ? n : 1, sizeof *list);

	if (!list || hf_json_type(d, i) != HF_JSON_ARRAY)
		return false;
	for (uint32_t c = i + 1; c < d->nodes[i].next; c = d->nodes[c].next)
		if (!hf_sv_int(hf_json_raw(d, c), &list[e->n_shelves++]))
			return false;
	e->shelves = list;
	return true;
}

static bool
read_query(struct hf_sv text, uint64_t *out)
{
	uint64_t v = 0;

	if (text.n != 16)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	*out = v;
	return true;
}

static bool
read_member(const struct hf_json *d, uint32_t i, struct hf_arena *arena,
	    struct hf_audit_event *e)
{
	struct hf_sv key = hf_json_key(d, i), raw = hf_json_raw(d, i);
	struct hf_date date;
	int64_t v = 0;

	if (hf_sv_is(key, "recorded")) {
		if (!hf_date_parse(raw, false, &date))
			return false;
		e->at = date.lo;
		return true;
	}
	if (hf_sv_is(key, "subtype")) {
		e->code = hf_audit_code_of(raw);
		return true;
	}
	if (hf_sv_is(key, "shelves"))
		return read_shelves(d, i, arena, e);
	if (hf_sv_is(key, "query"))
		return read_query(raw, &e->query);
	if (hf_sv_is(key, "more")) {
		e->more_shelves = true;
		return true;
	}
	if (hf_json_type(d, i) != HF_JSON_NUMBER)
		return read_text(d, i, arena, e);
	if (!hf_sv_int(raw, &v))
		return false;
	if (hf_sv_is(key, "seq"))
		e->seq = (uint64_t)v;
	else if (hf_sv_is(key, "session"))
		e->session = v;
	else if (hf_sv_is(key, "hits"))
		e->hits = v;
	else if (hf_sv_is(key, "status"))
		e->status = (int)v;
	return true;
}

bool
hf_audit_line_read(struct hf_sv line, struct hf_arena *arena,
		   struct hf_audit_event *out)
{
	static const struct hf_json_limits limits = {.bytes = 64 * 1024, .depth = 4};
	struct hf_audit_event e = {.hits = -1};
	struct hf_json d;

	if (hf_json_parse(line, &limits, arena, &d, NULL) != HF_OK || d.n == 0 ||
	    hf_json_type(&d, 0) != HF_JSON_OBJECT)
		return false;
	if (hf_json_member(&d, 0, "recorded") == HF_JSON_NONE)
		return false;
	for (uint32_t i = 1; i < d.nodes[0].next; i = d.nodes[i].next)
		if (!read_member(&d, i, arena, &e))
			return false;
	*out = e;
	return true;
}
