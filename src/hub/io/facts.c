/* facts.c - what somebody says with a move, as facts that guards ask. */
#include "hub/io/hub_int.h"

enum { BACKED_LIST, BACKED_MANY, BACKED_TEXT, BACKED_VALUES };

/* Facts that are true because something is said: a code of a list, a text. */
static const struct backed {
	const char *fact, *event; /* event "": any */
	int kind;
	enum hf_hub_list list;
} backed[] = {
    {"condition", "", BACKED_LIST, HF_HUB_CONDITIONS},
    {"skills", "", BACKED_MANY, HF_HUB_SKILLS},
    {"downgradeReason", "", BACKED_LIST, HF_HUB_DOWNGRADES},
    {"reason", "reject", BACKED_LIST, HF_HUB_REJECTIONS},
    {"reason", "cancel", BACKED_LIST, HF_HUB_CANCELLATIONS},
    {"reason", "team-decline", BACKED_LIST, HF_HUB_DECLINES},
    {"reason", "void", BACKED_TEXT, HF_HUB_LISTS},
    {"alternative", "", BACKED_TEXT, HF_HUB_LISTS},
    {"advice", "", BACKED_TEXT, HF_HUB_LISTS},
    {"news2", "", BACKED_VALUES, HF_HUB_LISTS},
};

/* Facts that the hub finds out itself: nobody may say them. */
static const char *const computed_facts[] = {
    "channel", "complete", "duplicate", "capacity", "remoteAllowed", "urgencyAsked"};

static const struct backed *
backed_of(struct hf_sv fact, struct hf_sv event)
{
	for (size_t i = 0; i < HF_COUNT(backed); i++)
		if (hf_sv_eq(fact, hf_sv_from(backed[i].fact)) &&
		    (!*backed[i].event || hf_sv_eq(event, hf_sv_from(backed[i].event))))
			return &backed[i];
	return NULL;
}

bool
hf_hub_fact_is_computed(struct hf_sv fact)
{
	for (size_t i = 0; i < HF_COUNT(computed_facts); i++)
		if (hf_sv_eq(fact, hf_sv_from(computed_facts[i])))
			return true;
	return false;
}

const char *
hf_hub_fact_kind(struct hf_sv fact, struct hf_sv event, enum hf_hub_list *list)
{
	const struct backed *b = backed_of(fact, event);

	*list = HF_HUB_LISTS;
	if (!b)
		return NULL;
	*list = b->list;
	return b->kind == BACKED_LIST	? "code"
	       : b->kind == BACKED_MANY ? "codes"
	       : b->kind == BACKED_TEXT ? "string"
					: "news2";
}

/* ---- making them ---- */

struct making {
	struct hf_hub *hub;
	struct hf_sv event;
	struct hf_json doc; /* what is said */
	struct hf_arena *arena;
	struct hf_buf facts, given;
	struct hf_jw f, g;
	hf_pw_set known;
};

static void
set_true(struct making *m, struct hf_sv fact, int index)
{
	hf_jw_key(&m->f, fact);
	hf_jw_bool(&m->f, true);
	m->known |= (hf_pw_set)1 << index;
}

static enum hf_rc
take_codes(struct making *m, uint32_t node, const struct backed *b, struct hf_err *err)
{
	if (hf_json_type(&m->doc, node) != HF_JSON_ARRAY ||
	    hf_json_count(&m->doc, node) == 0)
		return hf_fail(err, HF_INVALID, b->fact, "expected a list of codes");
	for (uint32_t c = node + 1; c < m->doc.nodes[node].next;
	     c = m->doc.nodes[c].next)
		if (!hf_hub_word(b->list, hf_json_str(&m->doc, c, m->arena)))
			return hf_fail(err, HF_INVALID, b->fact,
				       "a code is none of the list %s",
				       hf_hub_list_names[b->list]);
	return HF_OK;
}

/* Something was measured: an empty object, or only a time, is no NEWS2. */
static bool
has_values(const struct making *m, uint32_t node)
{
	if (hf_json_type(&m->doc, node) != HF_JSON_OBJECT)
		return false;
	for (uint32_t c = node + 1; c < m->doc.nodes[node].next;
	     c = m->doc.nodes[c].next)
		if (!hf_sv_is(hf_json_key(&m->doc, c), "at") &&
		    hf_json_type(&m->doc, c) != HF_JSON_NULL)
			return true;
	return false;
}

static enum hf_rc
take_backed(struct making *m, uint32_t node, const struct backed *b, int index,
	    struct hf_err *err)
{
	enum hf_json_type type = hf_json_type(&m->doc, node);
	struct hf_sv text = type == HF_JSON_STRING
				? hf_sv_trim(hf_json_str(&m->doc, node, m->arena))
				: (struct hf_sv){0};
	enum hf_rc rc = HF_OK;

	if (type == HF_JSON_FALSE || type == HF_JSON_NULL ||
	    (type == HF_JSON_STRING && text.n == 0))
		return HF_OK; /* nothing is said */
	if (b->kind == BACKED_MANY)
		rc = take_codes(m, node, b, err);
	else if (b->kind == BACKED_VALUES && !has_values(m, node))
		rc = hf_fail(err, HF_INVALID, b->fact, "expected the values");
	else if (b->kind != BACKED_VALUES && type != HF_JSON_STRING)
		rc = hf_fail(err, HF_INVALID, b->fact, "expected a %s",
			     b->kind == BACKED_LIST ? "code" : "text");
	else if (b->kind == BACKED_LIST && !hf_hub_word(b->list, text))
		rc =
		    hf_fail(err, HF_INVALID, b->fact, "the code is none of the list %s",
			    hf_hub_list_names[b->list]);
	else if (text.n > HF_INTAKE_TEXT)
		rc = hf_fail(err, HF_TOO_LONG, b->fact, "the text is too long");
	if (rc)
		return rc;
	hf_jw_key(&m->g, hf_sv_from(b->fact));
	hf_jw_raw(&m->g, hf_json_source(&m->doc, node));
	set_true(m, hf_sv_from(b->fact), index);
	return HF_OK;
}

static enum hf_rc
take_said(struct making *m, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (uint32_t c = 1; rc == HF_OK && c < m->doc.n; c = m->doc.nodes[c].next) {
		struct hf_sv id = hf_json_key(&m->doc, c);
		int fact = hf_pw_fact(m->hub->p, id);
		const struct backed *b = backed_of(id, m->event);

		if (fact < 0 || hf_hub_fact_is_computed(id))
			return hf_fail(err, HF_INVALID, "facts",
				       "%.*s is nothing that can be said here",
				       (int)(id.n < 40 ? id.n : 40), id.p);
		if (b) {
			rc = take_backed(m, c, b, fact, err);
		} else if (hf_json_type(&m->doc, c) != HF_JSON_NULL) {
			hf_jw_key(&m->f, id);
			hf_jw_raw(&m->f, hf_json_source(&m->doc, c));
			m->known |= (hf_pw_set)1 << fact;
		}
	}
	return rc;
}

/* Members of object that are facts not known yet; kept: only those that stay. */
static void
take_over(struct making *m, struct hf_sv object, bool kept)
{
	struct hf_json doc;

	if (object.n == 0 || hf_json_parse(object, NULL, m->arena, &doc, NULL) != HF_OK)
		return;
	for (uint32_t c = 1; c < doc.n; c = doc.nodes[c].next) {
		struct hf_sv id = hf_json_key(&doc, c);
		int fact = hf_pw_fact(m->hub->p, id);
		bool take = !kept;

		for (size_t i = 0; !take && i < m->hub->n_kept; i++)
			take = fact == m->hub->kept[i];
		if (fact < 0 || !take || (m->known >> fact & 1))
			continue;
		hf_jw_key(&m->f, id);
		hf_jw_raw(&m->f, hf_json_source(&doc, c));
		m->known |= (hf_pw_set)1 << fact;
	}
}

enum hf_rc
hf_facts_make(struct hf_hub *hub, const struct hf_story *story, struct hf_sv event,
	      struct hf_sv said, struct hf_sv computed, struct hf_arena *arena,
	      struct hf_sv *facts, struct hf_sv *given, struct hf_err *err)
{
	struct making m = {.hub = hub, .event = event, .arena = arena};
	enum hf_rc rc = HF_OK;

	m.facts.cap = m.given.cap = 1 << 18;
	m.f.out = &m.facts;
	m.g.out = &m.given;
	hf_jw_obj(&m.f);
	hf_jw_obj(&m.g);
	if (said.n)
		rc = hf_json_parse(said, NULL, arena, &m.doc, err);
	if (rc == HF_OK && said.n && hf_json_type(&m.doc, 0) != HF_JSON_OBJECT)
		rc = hf_fail(err, HF_INVALID, "facts", "expected an object");
	if (rc == HF_OK && said.n)
		rc = take_said(&m, err);
	if (rc == HF_OK) {
		take_over(&m, computed, false);
		for (size_t i = story->n; i > 0; i--)
			if (story->events[i - 1].facts.n) {
				take_over(&m, story->events[i - 1].facts, true);
				break;
			}
		hf_jw_obj_end(&m.f);
		hf_jw_obj_end(&m.g);
		*facts = hf_arena_sv(arena, hf_buf_view(&m.facts));
		*given = m.given.n > 2 ? hf_arena_sv(arena, hf_buf_view(&m.given))
				       : (struct hf_sv){0};
		if (m.facts.failed || m.given.failed || !facts->p)
			rc = hf_fail(err, HF_TOO_LONG, "facts", "too much is said");
	}
	hf_buf_free(&m.facts);
	hf_buf_free(&m.given);
	return rc;
}
