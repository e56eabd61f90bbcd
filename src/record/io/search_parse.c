/* search_parse.c - reads the parameters of a search.
 *
 * What is not understood is refused by name, never left out in silence. */
#include "record/io/search_int.h"

#include <stdarg.h>

enum {
	DEFAULT_COUNT = 20,
	MAX_COUNT = 1000,
	MAX_TESTS = 50,
	MAX_SORTS = 5,
	MAX_INCLUDES = 50,
	MAX_ELEMENTS = 100,
	MAX_TYPES = 146,
	SHOWN = 60
};

struct parse {
	struct hf_search *s;
	struct hf_arena *arena;
	struct hf_buf self;
	hf_type_id *types;
	unsigned seen; /* set of control parameters */
	bool lenient;
	struct hf_err *err;
};

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "the search is too long");
}

bool
hf_search_grow(struct hf_arena *arena, void **items, size_t n, size_t *size,
	       size_t item)
{
	size_t more;
	void *p;

	if (n < *size)
		return true;
	more = *size ? *size * 2 : 16;
	p = hf_arena_array(arena, more, item);
	if (!p)
		return false;
	if (n)
		memcpy(p, *items, n * item);
	*items = p;
	*size = more;
	return true;
}

bool
hf_search_wants_type(const struct hf_search *s, hf_type_id type)
{
	for (size_t i = 0; i < s->n_types; i++)
		if (s->types[i] == type)
			return true;
	return false;
}

void
hf_search_limit(struct hf_search *search, const struct hf_search_limits *limits)
{
	search->limits = *limits;
}

/* A name fit for a message: what is no name at all is not repeated. */
static struct hf_sv
shown(struct hf_sv name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || strchr("_-.:", c)) ||
		    c == '\0')
			return HF_SV("(not a name)");
	}
	if (name.n > SHOWN)
		name.n = SHOWN;
	return name.n ? name : HF_SV("(empty)");
}

static const char *
type_name(const struct hf_search *s)
{
	return s->type ? hf_type_get(s->type)->name : "a search on all types";
}

static void
put_encoded(struct hf_buf *out, struct hf_sv s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c && strchr("-._~:,/|*$", c))) {
			hf_buf_char(out, (char)c);
		} else {
			hf_buf_char(out, '%');
			hf_buf_char(out, hex[c >> 4]);
			hf_buf_char(out, hex[c & 15]);
		}
	}
}

static void
put_self(struct parse *p, const struct hf_param *q)
{
	if (p->self.n)
		hf_buf_char(&p->self, '&');
	put_encoded(&p->self, q->name);
	hf_buf_char(&p->self, '=');
	put_encoded(&p->self, q->value);
}

/* Refuses a parameter, or leaves it out and says so when lenient. */
static enum hf_rc HF_PRINTF(4, 5) refuse(struct parse *p, const struct hf_param *q,
					 bool *left_out, const char *fmt, ...)
{
	char text[300];
	struct hf_sv name = shown(q->name);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (!p->lenient)
		return hf_fail(p->err, HF_INVALID, NULL, "%.*s: %s", HF_SV_ARG(name),
			       text);
	hf_issue_add(&p->s->issues, HF_SEV_WARNING, "not-supported", name,
		     "the parameter %.*s was left out: %s", HF_SV_ARG(name), text);
	*left_out = true;
	return HF_OK;
}

static bool
one_of(struct hf_sv value, const char *const *names, size_t n, size_t *at)
{
	for (size_t i = 0; i < n; i++) {
		if (hf_sv_eq(value, hf_sv_from(names[i]))) {
			*at = i;
			return true;
		}
	}
	return false;
}

/* ---- parameters that steer the answer ---- */

static enum hf_rc
parse_count(struct parse *p, struct hf_sv value)
{
	int64_t v;

	if (!hf_sv_int(value, &v) || v < 0)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "_count: a number from 0 to %d is needed", MAX_COUNT);
	/* R4 lets a server give fewer than asked for. */
	p->s->count = v > MAX_COUNT ? MAX_COUNT : (unsigned)v;
	return HF_OK;
}

static enum hf_rc
parse_total(struct parse *p, struct hf_sv value)
{
	static const char *const names[] = {"none", "estimate", "accurate"};
	size_t at;

	if (!one_of(value, names, HF_COUNT(names), &at))
		return hf_fail(p->err, HF_INVALID, NULL,
			       "_total: none, estimate or accurate is needed");
	p->s->total = (enum hf_total)at;
	return HF_OK;
}

static enum hf_rc
parse_summary(struct parse *p, struct hf_sv value)
{
	static const char *const names[] = {"false", "true", "text", "data", "count"};
	size_t at;

	if (!one_of(value, names, HF_COUNT(names), &at))
		return hf_fail(p->err, HF_INVALID, NULL,
			       "_summary: true, text, data, count or false is needed");
	p->s->summary = (enum hf_summary)at;
	return HF_OK;
}

static enum hf_rc
parse_elements(struct parse *p, struct hf_sv value)
{
	struct hf_search_names *e = &p->s->elements;

	while (value.n) {
		struct hf_sv name = hf_sv_trim(hf_sv_cut(&value, ','));

		if (name.n == 0 || e->n >= MAX_ELEMENTS)
			return hf_fail(p->err, HF_INVALID, NULL,
				       "_elements: up to %d names of elements, "
				       "separated by commas, are needed",
				       MAX_ELEMENTS);
		if (!hf_search_grow(p->arena, (void **)&e->items, e->n, &e->size,
				    sizeof *e->items))
			return no_room(p->err);
		e->items[e->n++] = name;
	}
	return HF_OK;
}

static enum hf_rc
parse_format(struct parse *p, struct hf_sv value)
{
	static const char *const names[] = {"json", "application/json", "text/json",
					    "application/fhir+json",
					    "application/fhir json"};
	struct hf_sv kind = hf_sv_trim(hf_sv_cut(&value, ';'));
	size_t at;

	if (!one_of(kind, names, HF_COUNT(names), &at))
		return hf_fail(p->err, HF_MEDIA, NULL,
			       "_format: only application/fhir+json is spoken here");
	return HF_OK;
}

static enum hf_rc
parse_pretty(struct parse *p, struct hf_sv value)
{
	if (!hf_sv_is(value, "true") && !hf_sv_is(value, "false"))
		return hf_fail(p->err, HF_INVALID, NULL,
			       "_pretty: true or false is needed");
	return HF_OK;
}

static enum hf_rc
parse_sort(struct parse *p, struct hf_sv value)
{
	struct hf_search *s = p->s;

	s->sorts = hf_arena_array(p->arena, MAX_SORTS, sizeof *s->sorts);
	if (!s->sorts)
		return no_room(p->err);
	while (value.n) {
		struct hf_sv code = hf_sv_cut(&value, ',');
		bool desc = code.n && code.p[0] == '-';
		struct hf_sv name = hf_sv_from_at(code, desc ? 1 : 0);
		const struct hf_sp *sp = hf_sp_find(s->types[0], name);

		if (s->n_sorts == MAX_SORTS)
			return hf_fail(p->err, HF_INVALID, NULL,
				       "_sort: at most %d parameters are sorted by",
				       MAX_SORTS);
		if (!sp || !hf_search_supports(s->types[0], sp))
			return hf_fail(p->err, HF_INVALID, NULL,
				       "_sort: %s cannot be sorted by %.*s; name one "
				       "of its search parameters",
				       type_name(s), HF_SV_ARG(shown(name)));
		s->sorts[s->n_sorts++] = (struct hf_search_sort){sp, desc};
	}
	return HF_OK;
}

/* _page is ours: sixteen hexadecimal digits, a dot, the number of the page. */
static enum hf_rc
parse_page(struct parse *p, struct hf_sv value)
{
	struct hf_sv rest = value, id = hf_sv_cut(&rest, '.');
	uint64_t v = 0;
	int64_t at = -1;

	for (size_t i = 0; i < id.n && id.n == 16; i++) {
		const char *digits = "0123456789abcdef";
		const char *d = id.p[i] ? strchr(digits, id.p[i]) : NULL;

		if (!d) {
			v = 0;
			break;
		}
		v = v << 4 | (uint64_t)(d - digits);
	}
	if (v == 0 || !hf_sv_int(rest, &at) || at < 0 || at > UINT32_MAX)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "_page: follow the links of a page as they stand");
	p->s->page_id = v;
	p->s->page_at = (uint32_t)at;
	return HF_OK;
}

static const struct control {
	const char *name;
	enum hf_rc (*parse)(struct parse *p, struct hf_sv value);
	bool in_self;
} controls[] = {
    {"_count", parse_count, true},	 {"_total", parse_total, true},
    {"_summary", parse_summary, true},	 {"_sort", parse_sort, true},
    {"_elements", parse_elements, true}, {"_format", parse_format, true},
    {"_pretty", parse_pretty, true},	 {"_page", parse_page, false},
};

/* ---- includes ---- */

static enum hf_rc
parse_include(struct parse *p, const struct hf_param *q, bool reverse, bool iterate)
{
	struct hf_search *s = p->s;
	struct hf_search_include inc = {.iterate = iterate};
	struct hf_sv rest = q->value, source = hf_sv_cut(&rest, ':'),
		     code = hf_sv_cut(&rest, ':'), target = rest;
	const char *name = reverse ? "_revinclude" : "_include";
	struct hf_search_include **list = reverse ? &s->revincludes : &s->includes;
	size_t *n = reverse ? &s->n_revincludes : &s->n_includes;
	size_t *size = reverse ? &s->revincludes_size : &s->includes_size;

	if (hf_sv_is(q->value, "*") && s->type) {
		source = hf_sv_from(hf_type_get(s->type)->name);
		code = q->value;
	}
	inc.source = hf_resource_find(source);
	if (!inc.source || code.n == 0)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "%s: Type:parameter or Type:parameter:Target is needed, "
			       "as in Observation:patient",
			       name);
	if (hf_sv_is(code, "*") && reverse)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "_revinclude: name the parameter; * is only for "
			       "_include");
	if (!hf_sv_is(code, "*")) {
		inc.sp = hf_sp_find(inc.source, code);
		if (!inc.sp || inc.sp->kind != HF_SP_REFERENCE ||
		    !hf_search_supports(inc.source, inc.sp))
			return hf_fail(p->err, HF_INVALID, NULL,
				       "%s: %s has no reference parameter %.*s", name,
				       hf_type_get(inc.source)->name,
				       HF_SV_ARG(shown(code)));
	}
	if (target.n) {
		inc.target = hf_resource_find(target);
		if (!inc.target)
			return hf_fail(p->err, HF_INVALID, NULL,
				       "%s: %.*s is no resource type", name,
				       HF_SV_ARG(shown(target)));
	}
	if (*n == MAX_INCLUDES)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "%s: at most %d of them are answered", name,
			       MAX_INCLUDES);
	if (!hf_search_grow(p->arena, (void **)list, *n, size, sizeof inc))
		return no_room(p->err);
	(*list)[(*n)++] = inc;
	return HF_OK;
}

/* ---- what is not done, with the reason ---- */

static const struct {
	const char *name, *why;
} refused[] = {
    {"_text", "full-text search of narratives is not done here"},
    {"_content", "full-text search of resources is not done here"},
    {"_filter", "filter expressions are not read here"},
    {"_has", "reverse chains are not answered here yet; search the other type and "
	     "follow its reference"},
    {"_list", "search by list is not done here"},
    {"_query", "there are no named queries here"},
    {"_contained", "contained resources are found only through what contains them"},
    {"_containedType", "contained resources are found only through what contains them"},
    {"_score", "there is no score here"},
};

static const char *
why_refused(struct hf_sv code)
{
	for (size_t i = 0; i < HF_COUNT(refused); i++)
		if (hf_sv_eq(code, hf_sv_from(refused[i].name)))
			return refused[i].why;
	return NULL;
}

/* ---- search parameters ---- */

/* A parameter that search does not answer: says why. */
static enum hf_rc
parse_unknown(struct parse *p, const struct hf_param *q, struct hf_sv code,
	      struct hf_sv modifier, const struct hf_sp *sp, bool *left_out)
{
	const char *why = why_refused(code);

	if (why)
		return refuse(p, q, left_out, "%s", why);
	if (hf_sv_find(code, '.') < code.n || hf_sv_find(modifier, '.') < modifier.n)
		return refuse(p, q, left_out,
			      "chains are not answered here yet; search the other type "
			      "first and give the ids that it answers");
	if (sp && sp->kind == HF_SP_COMPOSITE)
		return refuse(p, q, left_out,
			      "composite parameters are not answered here; give the "
			      "parts as parameters of their own");
	if (sp)
		return refuse(p, q, left_out, "this parameter is not answered here");
	return refuse(p, q, left_out,
		      "%s has no such search parameter; /metadata tells those it has",
		      type_name(p->s));
}

static enum hf_rc
parse_test(struct parse *p, const struct hf_param *q, bool *left_out)
{
	struct hf_search *s = p->s;
	struct hf_sv modifier = q->name, code = hf_sv_cut(&modifier, ':');
	const struct hf_sp *sp = hf_sp_find(s->types[0], code);
	enum hf_rc rc;

	if (sp && s->type == 0 && (code.n == 0 || code.p[0] != '_'))
		sp = NULL; /* only what all types have */
	if (!sp || !hf_search_supports(s->types[0], sp) ||
	    hf_sv_find(modifier, '.') < modifier.n)
		return parse_unknown(p, q, code, modifier, sp, left_out);
	if (s->n_tests == MAX_TESTS)
		return hf_fail(p->err, HF_TOO_LONG, NULL,
			       "a search takes at most %d parameters", MAX_TESTS);
	if (!hf_search_grow(p->arena, (void **)&s->tests, s->n_tests, &s->tests_size,
			    sizeof *s->tests))
		return no_room(p->err);
	rc = hf_sp_test_parse(sp, modifier, q->value, s->now, p->arena,
			      &s->tests[s->n_tests], p->err);
	if (rc == HF_OK)
		s->n_tests++;
	return rc;
}

static enum hf_rc
parse_control(struct parse *p, size_t k, const struct hf_param *q)
{
	if (p->seen & 1u << k)
		return hf_fail(p->err, HF_INVALID, NULL, "%s: it is given twice",
			       controls[k].name);
	p->seen |= 1u << k;
	return controls[k].parse(p, q->value);
}

static enum hf_rc
parse_param(struct parse *p, const struct hf_param *q)
{
	struct hf_sv modifier = q->name, code = hf_sv_cut(&modifier, ':');
	bool left_out = false, in_self = true;
	enum hf_rc rc;
	size_t k;

	if (hf_sv_is(q->name, "_type") && p->s->type == 0) {
		put_self(p, q);
		return HF_OK; /* read before */
	}
	if (q->value.n == 0)
		return hf_fail(p->err, HF_INVALID, NULL, "%.*s: it has no value",
			       HF_SV_ARG(shown(q->name)));
	for (k = 0; k < HF_COUNT(controls); k++)
		if (hf_sv_eq(q->name, hf_sv_from(controls[k].name)))
			break;
	if (k < HF_COUNT(controls)) {
		rc = parse_control(p, k, q);
		in_self = controls[k].in_self;
	} else if ((hf_sv_is(code, "_include") || hf_sv_is(code, "_revinclude")) &&
		   (modifier.n == 0 || hf_sv_is(modifier, "iterate"))) {
		rc = parse_include(p, q, hf_sv_is(code, "_revinclude"), modifier.n > 0);
	} else {
		rc = parse_test(p, q, &left_out);
	}
	if (rc == HF_OK && !left_out && in_self)
		put_self(p, q);
	return rc;
}

/* ---- types ---- */

static enum hf_rc
parse_types(struct parse *p, const struct hf_param *params, size_t n)
{
	struct hf_search *s = p->s;

	p->types = hf_arena_array(p->arena, MAX_TYPES, sizeof *p->types);
	if (!p->types)
		return no_room(p->err);
	s->types = p->types;
	if (s->type) {
		p->types[s->n_types++] = s->type;
		return HF_OK;
	}
	for (size_t i = 0; i < n; i++) {
		struct hf_sv rest = params[i].value;

		if (!hf_sv_is(params[i].name, "_type"))
			continue;
		while (rest.n) {
			struct hf_sv name = hf_sv_cut(&rest, ',');
			hf_type_id id = hf_resource_find(name);

			if (!id || s->n_types == MAX_TYPES)
				return hf_fail(p->err, HF_INVALID, NULL,
					       "_type: %.*s is no resource type",
					       HF_SV_ARG(shown(name)));
			if (!hf_search_wants_type(s, id))
				p->types[s->n_types++] = id;
		}
	}
	if (s->n_types == 0)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "a search on all types names them, as in "
			       "_type=Patient,Observation");
	return HF_OK;
}

static enum hf_rc
parse_all(struct parse *p, const struct hf_param *params, size_t n)
{
	enum hf_rc rc = parse_types(p, params, n);

	for (size_t i = 0; i < n && rc == HF_OK; i++)
		rc = parse_param(p, &params[i]);
	if (rc != HF_OK)
		return rc;
	if (p->s->elements.n && p->s->summary != HF_SUMMARY_FALSE)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "_elements and _summary cannot stand together");
	if (p->s->count == 0)
		p->s->summary = HF_SUMMARY_COUNT; /* R4 3.1.1.5.4 */
	p->s->self = hf_arena_sv(p->arena, hf_buf_view(&p->self));
	if (p->self.failed || (p->self.n && !p->s->self.p))
		return no_room(p->err);
	return HF_OK;
}

enum hf_rc
hf_search_parse(hf_type_id type, const struct hf_param *params, size_t n, bool lenient,
		struct hf_sv base, hf_time now, struct hf_arena *arena,
		struct hf_search **out, struct hf_err *err)
{
	struct hf_search *s = HF_NEW(arena, struct hf_search);
	struct parse p = {.s = s,
			  .arena = arena,
			  .lenient = lenient,
			  .self = {.cap = (size_t)256 * 1024},
			  .err = err};
	enum hf_rc rc;

	if (!s)
		return no_room(err);
	*s = (struct hf_search){
	    .type = type,
	    .base = base,
	    .now = now,
	    .count = DEFAULT_COUNT,
	    .issues = {.arena = arena},
	    .limits = {.scan_rows = 200000,
		       .scan_ms = 2000,
		       .frozen = 10000,
		       .included = 10000,
		       .iterations = 8},
	};
	rc = parse_all(&p, params, n);
	hf_buf_free(&p.self);
	if (rc == HF_OK)
		*out = s;
	return rc;
}
