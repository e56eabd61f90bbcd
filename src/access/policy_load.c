/* policy_load.c - the documents of definitions/access read into a policy.
 *
 * Everything is read, so that one run names all that is wrong; a policy is given out
 * only when nothing is. */
#include "access/policy_load.h"

#include <stdarg.h>

void
hf_load_wrong(struct hf_load *l, uint32_t node, const char *fmt, ...)
{
	size_t at = node == HF_JSON_NONE ? 0 : l->doc.nodes[node].off, line = 1;
	char path[96], text[256];
	va_list args;

	for (size_t i = 0; i < at; i++)
		line += l->text.p[i] == '\n';
	snprintf(path, sizeof(path), "%s:%zu", l->file, line);
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	hf_issue_add(l->issues, HF_SEV_ERROR, "invalid", hf_sv_from(path), "%s", text);
}

/* A copy that lives as long as the policy; "" when the member is no text. */
const char *
hf_load_text(struct hf_load *l, uint32_t object, struct hf_sv name, bool needed)
{
	uint32_t node = hf_json_get(&l->doc, object, name);
	struct hf_sv s = hf_json_str(&l->doc, node, l->arena);
	const char *copy;

	if (s.n == 0) {
		if (needed)
			hf_load_wrong(l, object, "a text \"%.*s\" is needed here",
				      HF_SV_ARG(name));
		return "";
	}
	copy = hf_arena_cstr(l->arena, s);
	if (!copy)
		l->full = true;
	return copy ? copy : "";
}

int
hf_load_word_at(struct hf_load *l, uint32_t node, enum hf_vocabulary of)
{
	struct hf_sv s = hf_json_str(&l->doc, node, l->arena);
	int word = s.n ? hf_word_find(of, s) : -1;

	if (word < 0)
		hf_load_wrong(l, node, "\"%.*s\" is no %s", HF_SV_ARG(s),
			      hf_vocabulary_name(of));
	return word;
}

int
hf_load_word(struct hf_load *l, uint32_t object, struct hf_sv name,
	     enum hf_vocabulary of)
{
	uint32_t node = hf_json_get(&l->doc, object, name);

	if (node == HF_JSON_NONE) {
		hf_load_wrong(l, object, "\"%.*s\" is needed here", HF_SV_ARG(name));
		return -1;
	}
	return hf_load_word_at(l, node, of);
}

/* The list that a value is: itself, or the set that it names. */
uint32_t
hf_load_list(struct hf_load *l, uint32_t node)
{
	uint32_t list = node;

	if (hf_json_type(&l->doc, node) == HF_JSON_STRING) {
		struct hf_sv name = hf_json_str(&l->doc, node, l->arena);

		list = hf_json_get(&l->doc, l->sets, name);
		if (list == HF_JSON_NONE) {
			hf_load_wrong(l, node, "there is no set \"%.*s\"",
				      HF_SV_ARG(name));
			return HF_JSON_NONE;
		}
	}
	if (hf_json_type(&l->doc, list) != HF_JSON_ARRAY ||
	    hf_json_count(&l->doc, list) == 0 ||
	    hf_json_count(&l->doc, list) > WORDS_MAX) {
		hf_load_wrong(l, list, "a list of words is needed here");
		return HF_JSON_NONE;
	}
	return list;
}

uint64_t
hf_load_set(struct hf_load *l, uint32_t node, enum hf_vocabulary of)
{
	uint32_t list = hf_load_list(l, node);
	uint64_t set = 0;

	if (list == HF_JSON_NONE)
		return 0;
	for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		int word = hf_load_word_at(l, c, of);

		if (word >= 0)
			set |= HF_BIT(word);
	}
	return set;
}

/* Names every member of object that is not in the list names ("a b c"). */
void
hf_load_only(struct hf_load *l, uint32_t object, const char *names)
{
	for (uint32_t c = object + 1; c < l->doc.nodes[object].next;
	     c = l->doc.nodes[c].next) {
		struct hf_sv key = hf_json_key(&l->doc, c), rest = hf_sv_from(names);
		bool known = false;

		while (rest.n && !known)
			known = hf_sv_eq(key, hf_sv_cut(&rest, ' '));
		if (!known)
			hf_load_wrong(l, c, "\"%.*s\" has no meaning here",
				      HF_SV_ARG(key));
	}
}

/* ---- rules ---- */

static const struct {
	const char *name;
	enum hf_vocabulary of;
	size_t field;
} dimensions[] = {
    {"group", HF_WORDS_GROUP, offsetof(struct hf_when, groups)},
    {"level", HF_WORDS_LEVEL, offsetof(struct hf_when, levels)},
    {"content", HF_WORDS_CONTENT, offsetof(struct hf_when, contents)},
    {"purpose", HF_WORDS_PURPOSE, offsetof(struct hf_when, purposes)},
    {"activity", HF_WORDS_ACTIVITY, offsetof(struct hf_when, activities)},
    {"tier", HF_WORDS_TIER, offsetof(struct hf_when, tiers)},
    {"relation", HF_WORDS_RELATION, offsetof(struct hf_when, relations)},
    {"not_relation", HF_WORDS_RELATION, offsetof(struct hf_when, not_relations)},
    {"with", HF_WORDS_FACT, offsetof(struct hf_when, with)},
    {"any", HF_WORDS_FACT, offsetof(struct hf_when, any)},
    {"without", HF_WORDS_FACT, offsetof(struct hf_when, without)},
};

static struct hf_when
when_of(struct hf_load *l, uint32_t rule)
{
	struct hf_when w = {.groups = UINT64_MAX,
			    .levels = UINT64_MAX,
			    .contents = UINT64_MAX,
			    .purposes = UINT64_MAX,
			    .activities = UINT64_MAX,
			    .tiers = UINT64_MAX};
	uint32_t when = hf_json_member(&l->doc, rule, "when");

	if (when == HF_JSON_NONE || hf_json_type(&l->doc, when) != HF_JSON_OBJECT ||
	    hf_json_count(&l->doc, when) == 0) {
		hf_load_wrong(l, rule, "\"when\" has to say when the rule matches");
		return w;
	}
	hf_load_only(
	    l, when,
	    "group level content purpose activity tier relation not_relation with any "
	    "without");
	for (size_t i = 0; i < HF_COUNT(dimensions); i++) {
		uint32_t node =
		    hf_json_get(&l->doc, when, hf_sv_from(dimensions[i].name));
		uint64_t set;

		if (node == HF_JSON_NONE)
			continue;
		set = hf_load_set(l, node, dimensions[i].of);
		memcpy((char *)&w + dimensions[i].field, &set, sizeof(set));
	}
	return w;
}

static void
glass_of(struct hf_load *l, uint32_t rule, struct hf_rule *out)
{
	uint32_t glass = hf_json_member(&l->doc, rule, "glass");

	if (glass == HF_JSON_NONE)
		return;
	out->glass = true;
	if (hf_sv_is(hf_json_str(&l->doc, glass, l->arena), "any"))
		out->reasons = (HF_BIT(HF_REASONS) - 1) & ~HF_BIT(HF_REASON_NONE);
	else
		out->reasons = hf_load_set(l, glass, HF_WORDS_REASON);
}

/* What a rule of the right has to say so that it cannot open more than was meant. */
static void
narrow_enough(struct hf_load *l, uint32_t node, const struct hf_rule *r)
{
	if (r->then != HF_DENY &&
	    (r->when.groups == UINT64_MAX || r->when.levels == UINT64_MAX ||
	     r->when.contents == UINT64_MAX))
		hf_load_wrong(
		    l, node,
		    "rule %s opens something: it has to name group, level and content",
		    r->id);
	if (r->then == HF_BTG && !r->glass)
		hf_load_wrong(l, node, "rule %s is BTG and offers no glass", r->id);
	if (r->glass && r->then != HF_BTG && r->then != HF_MASK)
		hf_load_wrong(
		    l, node, "rule %s offers glass and is neither BTG nor MASK", r->id);
}

static struct hf_rule
rule_of(struct hf_load *l, uint32_t node, bool optout)
{
	struct hf_rule r = {.id = HF_LOAD_TEXT(l, node, "id"),
			    .text = HF_LOAD_TEXT(l, node, "text"),
			    .when = when_of(l, node),
			    .then = HF_DENY};
	uint32_t notes = hf_json_member(&l->doc, node, "notes");

	if (optout) {
		uint32_t applies = hf_json_member(&l->doc, node, "applies");

		hf_load_only(l, node, "id when applies text");
		if (applies == HF_JSON_NONE ||
		    (hf_json_type(&l->doc, applies) != HF_JSON_TRUE &&
		     hf_json_type(&l->doc, applies) != HF_JSON_FALSE))
			hf_load_wrong(l, node, "\"applies\" is true or false");
		else if (hf_json_type(&l->doc, applies) == HF_JSON_FALSE)
			r.then = HF_ALLOW;
		return r;
	}
	hf_load_only(l, node, "id when then glass notes text");
	{
		int then = hf_load_word(l, node, HF_SV("then"), HF_WORDS_ACCESS);

		r.then = then < 0 ? HF_DENY : (enum hf_access)then;
	}
	glass_of(l, node, &r);
	if (notes != HF_JSON_NONE)
		r.notes = hf_load_set(l, notes, HF_WORDS_NOTE);
	return r;
}

uint32_t
hf_load_array(struct hf_load *l, uint32_t object, struct hf_sv name, uint32_t max)
{
	uint32_t node = hf_json_get(&l->doc, object, name);

	if (node == HF_JSON_NONE || hf_json_type(&l->doc, node) != HF_JSON_ARRAY ||
	    hf_json_count(&l->doc, node) == 0 || hf_json_count(&l->doc, node) > max) {
		hf_load_wrong(l, node == HF_JSON_NONE ? object : node,
			      "\"%.*s\" is a list of 1 to %u", HF_SV_ARG(name), max);
		return HF_JSON_NONE;
	}
	for (uint32_t c = node + 1; c < l->doc.nodes[node].next;
	     c = l->doc.nodes[c].next)
		if (hf_json_type(&l->doc, c) != HF_JSON_OBJECT) {
			hf_load_wrong(l, c, "an object is needed here");
			return HF_JSON_NONE;
		}
	return node;
}

void *
hf_load_room(struct hf_load *l, uint32_t list, size_t size)
{
	void *p = hf_arena_array(l->arena, hf_json_count(&l->doc, list), size);

	if (!p)
		l->full = true;
	return p;
}

enum rules_kind { RIGHTS, LIMITS, OPTOUT };

static struct hf_rules
rules_of(struct hf_load *l, uint32_t object, struct hf_sv name, enum rules_kind kind)
{
	uint32_t list = hf_load_array(l, object, name, RULES_MAX);
	struct hf_rules rules = {0};

	if (list == HF_JSON_NONE)
		return rules;
	rules.items = hf_load_room(l, list, sizeof(*rules.items));
	if (!rules.items)
		return rules;
	for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		struct hf_rule r = rule_of(l, c, kind == OPTOUT);

		for (size_t i = 0; i < rules.n; i++)
			if (strcmp(rules.items[i].id, r.id) == 0)
				hf_load_wrong(l, c, "there is a rule %s already", r.id);
		if (kind == RIGHTS)
			narrow_enough(l, c, &r);
		if (kind == LIMITS &&
		    (r.glass || r.then == HF_ALLOW || r.then == HF_BTG))
			hf_load_wrong(l, c, "limit %s: a limit only takes away", r.id);
		rules.items[rules.n++] = r;
	}
	return rules;
}

/* ---- the four documents ---- */

static hf_time
number_of(struct hf_load *l, uint32_t object, struct hf_sv name, hf_time unit)
{
	uint32_t node = hf_json_get(&l->doc, object, name);
	int64_t v = 0;

	if (node == HF_JSON_NONE)
		return 0;
	if (!hf_sv_int(hf_json_raw(&l->doc, node), &v) || v < 0 || v > DAYS_MAX) {
		hf_load_wrong(l, node, "\"%.*s\" is a whole number from 0 to %d",
			      HF_SV_ARG(name), DAYS_MAX);
		return 0;
	}
	return v * unit;
}

static void
load_windows(struct hf_load *l)
{
	const hf_time day = 86400000;
	uint32_t list = hf_load_array(l, 0, HF_SV("windows"), HF_RELATIONS);

	if (list == HF_JSON_NONE)
		return;
	for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		int kind = hf_load_word(l, c, HF_SV("relation"), HF_WORDS_RELATION);

		hf_load_only(l, c, "relation before_days after_days");
		if (kind > 0)
			l->out->windows[kind] = (struct hf_window){
			    number_of(l, c, HF_SV("before_days"), day),
			    number_of(l, c, HF_SV("after_days"), day)};
	}
}

static void
load_rules(struct hf_load *l)
{
	hf_load_only(l, 0, "document version glass_minutes windows sets rules limits");
	load_windows(l);
	l->out->glass_time = number_of(l, 0, HF_SV("glass_minutes"), 60000);
	l->out->rules = rules_of(l, 0, HF_SV("rules"), RIGHTS);
	l->out->limits = rules_of(l, 0, HF_SV("limits"), LIMITS);
}

static void
load_optouts(struct hf_load *l)
{
	static const char *const names[] = {"OBJECTION", "NDO", "TYPE1"};
	uint32_t list = hf_load_array(l, 0, HF_SV("optouts"), HF_COUNT(names));

	hf_load_only(l, 0, "document version ndo_list_days optouts");
	l->out->ndo_list_age = number_of(l, 0, HF_SV("ndo_list_days"), 86400000);
	for (size_t i = 0; list != HF_JSON_NONE && i < HF_COUNT(names); i++) {
		bool found = false;

		for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
		     c = l->doc.nodes[c].next) {
			struct hf_sv of = hf_json_str(
			    &l->doc, hf_json_member(&l->doc, c, "optout"), l->arena);

			if (!hf_sv_eq(of, hf_sv_from(names[i])))
				continue;
			hf_load_only(l, c, "optout rules");
			found = true;
			l->out->optouts[i] = rules_of(l, c, HF_SV("rules"), OPTOUT);
		}
		if (!found)
			hf_load_wrong(l, list, "nothing is said about %s", names[i]);
	}
}

static enum hf_rc
load_document(struct hf_load *l, const struct hf_policy_text *text,
	      const char *document, void (*load)(struct hf_load *),
	      const char **version)
{
	static const struct hf_json_limits limits = {.bytes = 1 << 20, .depth = 8};
	struct hf_err err = {0};
	enum hf_rc rc;

	l->file = text->name;
	l->text = text->text;
	rc = hf_json_parse(text->text, &limits, l->arena, &l->doc, &err);
	if (rc != HF_OK) {
		char path[96];

		snprintf(path, sizeof(path), "%s:1", text->name);
		hf_issue_add(l->issues, HF_SEV_ERROR, "structure", hf_sv_from(path),
			     "%s", err.text);
		return HF_OK;
	}
	if (hf_json_type(&l->doc, 0) != HF_JSON_OBJECT) {
		hf_load_wrong(l, 0, "the document is an object");
		return HF_OK;
	}
	if (strcmp(HF_LOAD_TEXT(l, 0, "document"), document) != 0)
		hf_load_wrong(l, 0, "\"document\" has to be \"%s\"", document);
	*version = HF_LOAD_TEXT(l, 0, "version");
	l->sets = hf_json_member(&l->doc, 0, "sets");
	load(l);
	return HF_OK;
}

enum hf_rc
hf_policy_load(const struct hf_policy_text docs[HF_POLICY_DOCS], struct hf_arena *arena,
	       struct hf_issues *issues, struct hf_policy *out, struct hf_err *err)
{
	static const struct {
		const char *name;
		void (*load)(struct hf_load *);
	} parts[HF_POLICY_DOCS] = {
	    [HF_DOC_ROLES] = {"roles", hf_load_roles},
	    [HF_DOC_RULES] = {"rules", load_rules},
	    [HF_DOC_SENSITIVITY] = {"sensitivity", hf_load_sensitivity},
	    [HF_DOC_OPTOUTS] = {"optouts", load_optouts},
	};
	struct hf_policy policy = {0};
	struct hf_load l = {.arena = arena, .issues = issues, .out = &policy};
	const char *v[HF_POLICY_DOCS] = {"", "", "", ""};
	size_t before = issues->errors;

	for (int i = 0; i < HF_POLICY_DOCS; i++)
		load_document(&l, &docs[i], parts[i].name, parts[i].load, &v[i]);
	policy.version =
	    hf_arena_printf(arena, "roles %s, rules %s, sensitivity %s, optouts %s",
			    v[0], v[1], v[2], v[3])
		.p;
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, NULL,
			       "the documents of access have %zu errors",
			       issues->errors - before);
	if (l.full || !policy.version)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "no memory for the documents of access");
	*out = policy;
	return HF_OK;
}
