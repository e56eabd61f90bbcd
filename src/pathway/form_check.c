/* form_check.c - answers against their form, by the rules of R4. */
#include "pathway/form_int.h"

enum { PLACE = 200 };

struct check {
	const struct hf_qn *q;
	const struct hf_json *doc;
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_qn_answers *a;
	bool full;
};

/* ---- saying where ---- */

/* "contact[1]/phone": the repeating group it stands in, if there is one. */
static struct hf_sv
place_of(const struct check *c, size_t item, int parent, int nth, char out[PLACE])
{
	const struct hf_qn_item *it = &c->q->items[item];
	int n;

	for (int g = parent; it->looped && g >= 0; g = c->a->given[g].parent)
		if (c->a->given[g].item == it->looped - 1) {
			n = snprintf(out, PLACE, "%s[%u]/%s",
				     c->q->items[it->looped - 1].id, c->a->given[g].nth,
				     it->id);
			return (struct hf_sv){out, n > 0 ? (size_t)n : 0};
		}
	n = nth < 0 ? snprintf(out, PLACE, "%s", it->id)
		    : snprintf(out, PLACE, "%s[%d]", it->id, nth);
	return (struct hf_sv){out, n > 0 ? (size_t)n : 0};
}

static void
wrong(struct check *c, size_t item, int parent, int nth, const char *code,
      const char *text)
{
	char place[PLACE];

	hf_issue_add(c->issues, HF_SEV_ERROR, code,
		     place_of(c, item, parent, nth, place), "%s", text);
}

static void
wrong_given(struct check *c, size_t at, const char *code, const char *text)
{
	const struct hf_qn_given *g = &c->a->given[at];
	const struct hf_qn_item *it = &c->q->items[g->item];
	bool loops = it->type == HF_QN_GROUP && it->repeats;

	wrong(c, g->item, g->parent, loops ? (int)g->nth : -1, code, text);
}

/* ---- one value ---- */

static size_t
characters(struct hf_sv text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static bool
has_unit(const struct hf_qn_item *item, struct hf_sv code)
{
	for (size_t i = 0; i < item->n_units; i++)
		if (hf_sv_eq(item->units[i].code, code))
			return true;
	return item->n_units == 0;
}

/* "" when the value may be given, else why not. */
static const char *
fits(const struct hf_qn_item *item, const struct hf_qn_value *v)
{
	if (v->kind == HF_QN_MEASURE && !has_unit(item, v->code))
		return "the unit is none of those that may be used";
	if (item->min.kind && hf_qn_value_cmp(v, &item->min) == -1)
		return "the value is impossible: it is below the least";
	if (item->max.kind && hf_qn_value_cmp(v, &item->max) == 1)
		return "the value is impossible: it is above the greatest";
	if (item->places >= 0 && v->number.scale > item->places &&
	    (v->kind == HF_QN_NUMBER || v->kind == HF_QN_MEASURE))
		return "it has too many decimal places";
	if (v->kind == HF_QN_WORDS && characters(v->text) > (size_t)item->length)
		return "it has too many characters";
	if (v->kind == HF_QN_CODE && !hf_qn_offers(item, v))
		return "this is none of the options";
	return "";
}

static void
take_values(struct check *c, size_t at, uint32_t list)
{
	struct hf_qn_given *g = &c->a->given[at];
	const struct hf_qn_item *item = &c->q->items[g->item];
	size_t n = hf_json_count(c->doc, list);

	if (n == 0 || hf_json_type(c->doc, list) != HF_JSON_ARRAY) {
		wrong_given(c, at, "structure", "answers are a list, not empty");
		return;
	}
	if (n > (item->repeats ? HF_QN_TIMES : 1)) {
		wrong_given(c, at, "structure",
			    item->repeats ? "it has too many answers"
					  : "one answer is expected");
		return;
	}
	g->values = hf_arena_array(c->arena, n, sizeof *g->values);
	c->full |= !g->values;
	for (uint32_t i = list + 1; g->values && i < c->doc->nodes[list].next;
	     i = c->doc->nodes[i].next) {
		struct hf_qn_value *v = &g->values[g->n_values];
		const char *why =
		    hf_qn_value_any(c->doc, i, "value", item->type, c->arena, v);

		if (why && !*why)
			why = fits(item, v);
		for (size_t k = 0; why && !*why && k < g->n_values; k++)
			if (hf_qn_value_cmp(&g->values[k], v) == 0)
				why = "an answer stands twice";
		if (why && !*why)
			g->n_values++;
		else
			wrong_given(c, at, "value",
				    why ? why : "the answer is missing");
	}
}

/* ---- the items that were given ---- */

static void take_items(struct check *c, uint32_t list, int item, int parent);

static void
take_inside(struct check *c, size_t at)
{
	size_t item = c->a->given[at].item;
	uint32_t node = c->a->given[at].node;
	bool group = c->q->items[item].type == HF_QN_GROUP;
	uint32_t answer = hf_json_member(c->doc, node, "answer");
	uint32_t items = hf_json_member(c->doc, node, "item");

	if (group && answer != HF_JSON_NONE)
		wrong_given(c, at, "structure", "a group has no answers of its own");
	if (group) {
		take_items(c, items, (int)item, (int)at);
		return;
	}
	if (items != HF_JSON_NONE)
		wrong_given(c, at, "structure",
			    "items within a question stand in its answer");
	if (c->q->items[item].type == HF_QN_DISPLAY) {
		if (answer != HF_JSON_NONE)
			wrong_given(c, at, "structure", "no answer is expected here");
		return;
	}
	take_values(c, at, answer);
	if (c->a->given[at].n_values)
		take_items(
		    c, hf_json_member(c->doc, hf_json_at(c->doc, answer, 0), "item"),
		    (int)item, (int)at);
}

static bool
take_item(struct check *c, uint32_t node, size_t item, int parent, uint32_t nth)
{
	struct hf_qn_answers *a = c->a;

	if (a->n == HF_QN_ANSWERS || nth >= HF_QN_TIMES) {
		wrong(c, item, parent, -1, "structure", "there are too many items");
		return false;
	}
	a->given[a->n] = (struct hf_qn_given){
	    .item = item, .node = node, .parent = parent, .nth = nth};
	a->n++;
	take_inside(c, a->n - 1);
	return true;
}

/* Items of a list in the form's order; what is none of ours is told by its place, as
 * its linkId may be anything. */
static void
take_items(struct check *c, uint32_t list, int up, int parent)
{
	int last = -1;
	uint32_t nth = 0;

	if (list == HF_JSON_NONE)
		return;
	if (hf_json_type(c->doc, list) != HF_JSON_ARRAY) {
		hf_issue_add(c->issues, HF_SEV_ERROR, "structure", HF_SV("item"),
			     "items are a list");
		return;
	}
	for (uint32_t i = list + 1; i < c->doc->nodes[list].next;
	     i = c->doc->nodes[i].next) {
		struct hf_sv id =
		    hf_json_str(c->doc, hf_json_member(c->doc, i, "linkId"), c->arena);
		int item = id.n ? hf_qn_find(c->q, id) : -1;

		if (item < 0 || c->q->items[item].parent != up) {
			hf_issue_add(c->issues, HF_SEV_ERROR, "structure",
				     up < 0 ? HF_SV("item")
					    : hf_sv_from(c->q->items[up].id),
				     "there is an item here that the form has not");
			continue;
		}
		if (item < last)
			wrong(c, (size_t)item, parent, -1, "structure",
			      "items stand in the order of the form");
		nth = item == last ? nth + 1 : 0;
		if (nth && !(c->q->items[item].type == HF_QN_GROUP &&
			     c->q->items[item].repeats))
			wrong(c, (size_t)item, parent, -1, "structure",
			      "the item stands twice");
		else if (!take_item(c, i, (size_t)item, parent, nth))
			return;
		last = item;
	}
}

/* ---- what is asked at all ---- */

static void
decide_enabled(struct check *c)
{
	/* A question stands before what hangs on it, so its own is decided. */
	for (size_t i = 0; i < c->a->n; i++) {
		struct hf_qn_given *g = &c->a->given[i];
		bool above = g->parent < 0 || c->a->given[g->parent].enabled;

		g->enabled = above && hf_qn_enabled(c->q, c->a, g->item, g->parent);
		if (above && !g->enabled)
			wrong_given(c, i, "business-rule",
				    "it is not asked, by what else was answered: leave "
				    "it out");
	}
}

/* ---- what is required ---- */

static bool
is_answered(const struct check *c, size_t at)
{
	if (c->q->items[c->a->given[at].item].type != HF_QN_GROUP)
		return c->a->given[at].n_values > 0;
	for (size_t i = at + 1; i < c->a->n && c->a->given[i].parent >= (int)at; i++)
		if (c->a->given[i].n_values)
			return true;
	return false;
}

/* The children of the item up, where given[at] stands for it; at below 0 with up not:
 * a group that was left out, which hides nothing that is required in it. */
static void
require(struct check *c, int up, int at, int scope)
{
	size_t end = up < 0 ? c->q->n_items : c->q->items[up].next;

	for (size_t i = (size_t)(up + 1); i < end; i = c->q->items[i].next) {
		const struct hf_qn_item *it = &c->q->items[i];
		bool there = false, answered = false;

		if (it->type == HF_QN_DISPLAY || !hf_qn_enabled(c->q, c->a, i, scope))
			continue;
		for (size_t k = at < 0 ? 0 : (size_t)at + 1; k < c->a->n; k++) {
			if (c->a->given[k].item != i || c->a->given[k].parent != at)
				continue;
			there = true;
			answered |= is_answered(c, k);
			if (it->type == HF_QN_GROUP || c->a->given[k].n_values)
				require(c, (int)i, (int)k, (int)k);
		}
		if (it->required && !answered)
			wrong(c, i, scope, -1, "required",
			      it->type == HF_QN_GROUP
				  ? "something has to be answered here"
				  : "an answer is needed");
		else if (!there && it->type == HF_QN_GROUP && !it->repeats)
			require(c, (int)i, -1, scope);
	}
}

/* ---- what is reckoned ---- */

/* Is it asked, and all that it stands in?  It stands in nothing that repeats. */
static bool
is_asked(const struct check *c, size_t item)
{
	for (int i = (int)item; i >= 0; i = c->q->items[i].parent)
		if (!hf_qn_enabled(c->q, c->a, (size_t)i, -1))
			return false;
	return true;
}

static void
compare(struct check *c, bool whole)
{
	for (size_t i = 0; whole && i < c->q->n_items; i++) {
		const struct hf_qn_value *want = &c->a->reckoned[i], *got = NULL;

		if (!c->q->items[i].reckoned)
			continue;
		for (size_t k = 0; k < c->a->n; k++)
			if (c->a->given[k].item == i && c->a->given[k].n_values)
				got = &c->a->given[k].values[0];
		if (!got && want->kind && is_asked(c, i))
			wrong(c, i, -1, -1, "value", "what is reckoned is missing");
		else if (got && (!want->kind || hf_qn_value_cmp(got, want) != 0))
			wrong(c, i, -1, -1, "value",
			      "it is not what the other answers give");
	}
}

enum hf_rc
hf_qn_check(const struct hf_qn *q, const struct hf_json *doc, uint32_t node,
	    const struct hf_qn_asked *asked, struct hf_arena *arena,
	    struct hf_issues *issues, struct hf_qn_answers *out, struct hf_err *err)
{
	struct check c = {
	    .q = q, .doc = doc, .arena = arena, .issues = issues, .a = out};
	enum hf_rc rc;

	*out = (struct hf_qn_answers){
	    .given = hf_arena_array(arena, HF_QN_ANSWERS, sizeof *out->given),
	    .reckoned = hf_arena_array(arena, q->n_items, sizeof *out->reckoned)};
	if (!out->given || !out->reckoned)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the answers");
	take_items(&c, hf_json_member(doc, node, "item"), -1, -1);
	decide_enabled(&c);
	if (asked->whole)
		require(&c, -1, -1, -1);
	rc = hf_qn_reckon(q, doc, node, asked, arena, issues, out, err);
	if (rc == HF_OK && c.full)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the answers");
	if (rc == HF_OK)
		compare(&c, asked->whole);
	return rc;
}
