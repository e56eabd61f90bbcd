/* doc.c - reading a definition. */
#include "fhir/doc.h"

#include <stdarg.h>

static void finding(struct hf_doc *d, enum hf_severity severity, uint32_t node,
		    const char *fmt, va_list args)
    __attribute__((format(printf, 4, 0)));

unsigned
hf_doc_line(const struct hf_doc *d, uint32_t node)
{
	size_t at = node == HF_JSON_NONE ? 0 : d->json.nodes[node].off;
	unsigned line = 1;

	for (size_t i = 0; i < at && i < d->text.n; i++)
		line += d->text.p[i] == '\n';
	return line;
}

static void
finding(struct hf_doc *d, enum hf_severity severity, uint32_t node, const char *fmt,
	va_list args)
{
	char path[120], text[400];

	snprintf(path, sizeof path, "%s:%u", d->name, hf_doc_line(d, node));
	vsnprintf(text, sizeof text, fmt, args);
	hf_issue_add(d->issues, severity, "invalid", hf_sv_from(path), "%s", text);
}

void
hf_doc_wrong(struct hf_doc *d, uint32_t node, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	finding(d, HF_SEV_ERROR, node, fmt, args);
	va_end(args);
}

void
hf_doc_warn(struct hf_doc *d, uint32_t node, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	finding(d, HF_SEV_WARNING, node, fmt, args);
	va_end(args);
}

bool
hf_doc_open(struct hf_doc *d, const char *name, struct hf_sv text,
	    struct hf_arena *arena, struct hf_issues *issues)
{
	struct hf_err err = {0};

	*d = (struct hf_doc){.name = name,
			     .text = text,
			     .arena = arena,
			     .issues = issues,
			     .errors = issues->errors};
	if (text.n > HF_DOC_MOST)
		hf_fail(&err, HF_TOO_LONG, NULL, "it has more than 1 MB");
	else if (hf_json_parse(text, NULL, arena, &d->json, &err) == HF_OK &&
		 hf_json_type(&d->json, 0) == HF_JSON_OBJECT)
		return true;
	/* What failed to parse has no nodes to ask for a line. */
	hf_issue_add(issues, HF_SEV_ERROR, "invalid", hf_sv_from(name), "%s",
		     err.rc ? err.text : "expected an object");
	return false;
}

enum hf_rc
hf_doc_close(const struct hf_doc *d, struct hf_err *err)
{
	if (d->full)
		return hf_fail(err, HF_TOO_LONG, d->name, "it needs too much memory");
	if (d->issues->errors > d->errors)
		return hf_fail(err, HF_INVALID, d->name, "it has %zu mistakes",
			       d->issues->errors - d->errors);
	return HF_OK;
}

static bool
is_in(struct hf_sv word, const char *names)
{
	struct hf_sv rest = hf_sv_from(names);

	while (rest.n)
		if (hf_sv_eq(hf_sv_cut(&rest, ' '), word))
			return true;
	return false;
}

void
hf_doc_only(struct hf_doc *d, uint32_t object, const char *names)
{
	HF_DOC_EACH(d, c, object)
	if (!is_in(hf_json_key(&d->json, c), names))
		hf_doc_wrong(d, c,
			     "there is no member \"%.*s\" here; known "
			     "are: %s",
			     HF_SV_ARG(hf_json_key(&d->json, c)), names);
}

static const char *
type_name(enum hf_json_type type)
{
	return type == HF_JSON_ARRAY	? "a list"
	       : type == HF_JSON_OBJECT ? "an object"
	       : type == HF_JSON_STRING ? "a text"
	       : type == HF_JSON_NUMBER ? "a number"
					: "true or false";
}

uint32_t
hf_doc_member(struct hf_doc *d, uint32_t object, const char *name,
	      enum hf_json_type type, bool needed)
{
	uint32_t node = hf_json_get(&d->json, object, hf_sv_from(name));

	if (node == HF_JSON_NONE) {
		if (needed)
			hf_doc_wrong(d, object, "\"%s\" is needed here", name);
		return HF_JSON_NONE;
	}
	if (hf_json_type(&d->json, node) != type) {
		hf_doc_wrong(d, node, "\"%s\" has to be %s", name, type_name(type));
		return HF_JSON_NONE;
	}
	return node;
}

static const char *
text_at(struct hf_doc *d, uint32_t node)
{
	struct hf_sv s = hf_json_str(&d->json, node, d->arena);
	const char *copy = hf_arena_cstr(d->arena, s.p ? s : HF_SV(""));

	d->full |= copy == NULL;
	return copy ? copy : "";
}

const char *
hf_doc_text(struct hf_doc *d, uint32_t object, const char *name, bool needed)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_STRING, needed);

	return node == HF_JSON_NONE ? "" : text_at(d, node);
}

static const char *
id_at(struct hf_doc *d, uint32_t node)
{
	const char *id = text_at(d, node);

	for (const char *p = id; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		      (*p >= '0' && *p <= '9') || strchr("-_.:@*", *p))) {
			hf_doc_wrong(d, node,
				     "\"%s\" is no id: letters, digits, - _ . "
				     "only",
				     id);
			return "";
		}
	if (!*id || strlen(id) > 64) {
		hf_doc_wrong(d, node, "an id has 1 to 64 characters");
		return "";
	}
	return id;
}

const char *
hf_doc_id(struct hf_doc *d, uint32_t object, const char *name, bool needed)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_STRING, needed);

	return node == HF_JSON_NONE ? "" : id_at(d, node);
}

int64_t
hf_doc_int(struct hf_doc *d, uint32_t object, const char *name, int64_t min,
	   int64_t max, int64_t otherwise)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_NUMBER, false);
	int64_t v;

	if (node == HF_JSON_NONE)
		return otherwise;
	if (!hf_sv_int(hf_json_raw(&d->json, node), &v) || v < min || v > max) {
		hf_doc_wrong(d, node,
			     "\"%s\" has to be a whole number from %lld to "
			     "%lld",
			     name, (long long)min, (long long)max);
		return otherwise;
	}
	return v;
}

bool
hf_doc_bool(struct hf_doc *d, uint32_t object, const char *name, bool otherwise)
{
	uint32_t node = hf_json_get(&d->json, object, hf_sv_from(name));

	if (node == HF_JSON_NONE)
		return otherwise;
	if (hf_json_type(&d->json, node) != HF_JSON_TRUE &&
	    hf_json_type(&d->json, node) != HF_JSON_FALSE) {
		hf_doc_wrong(d, node, "\"%s\" has to be true or false", name);
		return otherwise;
	}
	return hf_json_type(&d->json, node) == HF_JSON_TRUE;
}

bool
hf_doc_decimal(struct hf_doc *d, uint32_t object, const char *name,
	       struct hf_decimal *out)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_NUMBER, false);

	if (node == HF_JSON_NONE)
		return false;
	if (hf_decimal_parse(hf_json_raw(&d->json, node), out))
		return true;
	hf_doc_wrong(d, node, "the number has too many digits");
	return false;
}

const char **
hf_doc_ids(struct hf_doc *d, uint32_t object, const char *name, bool needed, size_t *n)
{
	uint32_t node = hf_json_get(&d->json, object, hf_sv_from(name));
	const char **ids;
	bool one;

	*n = 0;
	if (node == HF_JSON_NONE) {
		if (needed)
			hf_doc_wrong(d, object, "\"%s\" is needed here", name);
		return NULL;
	}
	one = hf_json_type(&d->json, node) == HF_JSON_STRING;
	if (!one && hf_json_type(&d->json, node) != HF_JSON_ARRAY) {
		hf_doc_wrong(d, node, "\"%s\" has to be an id or a list of ids", name);
		return NULL;
	}
	ids = hf_doc_room(d, one ? 1 : hf_json_count(&d->json, node), sizeof *ids);
	if (!ids)
		return NULL;
	if (one) {
		ids[(*n)++] = id_at(d, node);
		return ids;
	}
	HF_DOC_EACH(d, c, node)
	{
		if (hf_json_type(&d->json, c) == HF_JSON_STRING)
			ids[(*n)++] = id_at(d, c);
		else
			hf_doc_wrong(d, c, "an id is needed here");
	}
	return ids;
}

void *
hf_doc_room(struct hf_doc *d, size_t n, size_t size)
{
	void *p = hf_arena_array(d->arena, n ? n : 1, size);

	d->full |= p == NULL;
	return p;
}
