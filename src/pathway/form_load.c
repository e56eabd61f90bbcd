/* form_load.c - reading a Questionnaire: all that is wrong with it, with its line. */
#include "pathway/form_int.h"

#include "fhir/validate.h"

int
hf_qn_find(const struct hf_qn *q, struct hf_sv id)
{
	for (size_t i = 0; i < q->n_items; i++)
		if (hf_sv_eq(id, hf_sv_from(q->items[i].id)))
			return (int)i;
	return -1;
}

/* ---- items ---- */

static void
load_options(struct hf_qn_load *l, uint32_t node, struct hf_qn_item *item)
{
	uint32_t list =
	    hf_doc_member(&l->d, node, "answerOption", HF_JSON_ARRAY, false);
	bool choice = item->type == HF_QN_CHOICE || item->type == HF_QN_OPEN_CHOICE;
	size_t n = hf_json_count(&l->d.json, list);

	if (choice != (list != HF_JSON_NONE)) {
		hf_doc_wrong(&l->d, node,
			     choice ? "a choice lists its answerOption"
				    : "only a choice has answerOption");
		return;
	}
	if (n > HF_QN_OPTIONS) {
		hf_doc_wrong(&l->d, list, "at most %d options", HF_QN_OPTIONS);
		return;
	}
	item->options = hf_doc_room(&l->d, n, sizeof *item->options);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_qn_value *v;
		const char *wrong;

		if (!item->options)
			return;
		v = &item->options[item->n_options];
		wrong = hf_qn_value_any(&l->d.json, c, "value", HF_QN_CHOICE,
					l->d.arena, v);
		if (!wrong || *wrong || v->text.n == 0)
			hf_doc_wrong(&l->d, c,
				     "an option is a valueCoding with code and "
				     "display");
		for (size_t k = 0; k < item->n_options; k++)
			if (hf_qn_value_cmp(&item->options[k], v) == 0)
				hf_doc_wrong(&l->d, c, "this option stands twice");
		item->n_options++;
	}
}

static void
load_initial(struct hf_qn_load *l, uint32_t node, const struct hf_qn_item *item)
{
	uint32_t list = hf_doc_member(&l->d, node, "initial", HF_JSON_ARRAY, false);
	struct hf_qn_value v;

	if (hf_json_count(&l->d.json, list) > 1 && !item->repeats)
		hf_doc_wrong(&l->d, list, "what does not repeat begins with one value");
	HF_DOC_EACH(&l->d, c, list)
	{
		const char *wrong =
		    hf_qn_value_any(&l->d.json, c, "value", item->type, l->d.arena, &v);

		if (!wrong || *wrong)
			hf_doc_wrong(&l->d, c, "%s",
				     wrong ? wrong : "the value is missing");
		else if (v.kind == HF_QN_CODE && !hf_qn_offers(item, &v))
			hf_doc_wrong(&l->d, c, "this is none of the options");
	}
}

static enum hf_qn_type
type_of(struct hf_qn_load *l, uint32_t node)
{
	const char *code = hf_doc_text(&l->d, node, "type", true);

	for (int i = 0; i < HF_QN_TYPES; i++)
		if (strcmp(code, hf_qn_types[i].code) == 0)
			return (enum hf_qn_type)i;
	if (*code)
		hf_doc_wrong(&l->d, node, "forms here have no items of type \"%s\"",
			     code);
	return HF_QN_DISPLAY;
}

static void
check_item(struct hf_qn_load *l, uint32_t node, const struct hf_qn_item *item)
{
	bool has_items = hf_json_member(&l->d.json, node, "item") != HF_JSON_NONE;
	bool silent = item->type == HF_QN_DISPLAY;

	if (item->type == HF_QN_GROUP && !has_items)
		hf_doc_wrong(&l->d, node, "a group has items");
	if (silent && (has_items || item->required || item->repeats))
		hf_doc_wrong(&l->d, node,
			     "a display has no items, is not required and does not "
			     "repeat");
	if (has_items && item->repeats && item->type != HF_QN_GROUP)
		hf_doc_wrong(&l->d, node, "a question that repeats has no items here");
	if (item->repeats && item->looped)
		hf_doc_wrong(&l->d, node, "what repeats does not repeat within itself");
	if (!*item->text && item->type != HF_QN_GROUP)
		hf_doc_wrong(&l->d, node, "\"text\" is needed here: it is read aloud");
}

static void
load_item(struct hf_qn_load *l, uint32_t node, int parent)
{
	struct hf_qn_item *item = &l->q->items[l->q->n_items];
	const struct hf_qn_item *up = parent < 0 ? NULL : &l->q->items[parent];

	hf_doc_only(&l->d, node,
		    "linkId prefix text type required repeats readOnly maxLength "
		    "enableWhen enableBehavior answerOption initial item extension");
	item->id = hf_doc_id(&l->d, node, "linkId", true);
	if (hf_qn_find(l->q, hf_sv_from(item->id)) >= 0)
		hf_doc_wrong(&l->d, node, "the linkId \"%s\" stands twice", item->id);
	item->text = hf_doc_text(&l->d, node, "text", false);
	item->type = type_of(l, node);
	item->required = hf_doc_bool(&l->d, node, "required", false);
	item->repeats = hf_doc_bool(&l->d, node, "repeats", false);
	item->read_only = hf_doc_bool(&l->d, node, "readOnly", false);
	item->length =
	    hf_doc_int(&l->d, node, "maxLength", 1, HF_QN_LENGTH, HF_QN_LENGTH);
	item->places = -1;
	item->parent = parent;
	item->looped = !up					? 0
		       : up->type == HF_QN_GROUP && up->repeats ? (size_t)parent + 1
								: up->looped;
	item->line = hf_doc_line(&l->d, node);
	check_item(l, node, item);
	load_options(l, node, item);
	hf_qn_load_extensions(l, node, item);
	load_initial(l, node, item);
	l->nodes[l->q->n_items++] = node;
}

/* All items, each before those within it.  hf_validate() has bounded the depth. */
static void
load_items(struct hf_qn_load *l, uint32_t list, int parent)
{
	HF_DOC_EACH(&l->d, c, list)
	{
		int at = (int)l->q->n_items;

		if (l->q->n_items == HF_QN_ITEMS) {
			hf_doc_wrong(&l->d, c, "at most %d items", HF_QN_ITEMS);
			return;
		}
		load_item(l, c, parent);
		load_items(l, hf_json_member(&l->d.json, c, "item"), at);
		l->q->items[at].next = l->q->n_items;
		if (l->q->n_items == HF_QN_ITEMS)
			return;
	}
}

/* ---- conditions ---- */

static bool
has_order(enum hf_qn_kind kind)
{
	return kind == HF_QN_NUMBER || kind == HF_QN_MEASURE || kind == HF_QN_MOMENT;
}

static void
load_condition(struct hf_qn_load *l, uint32_t node, size_t at,
	       struct hf_qn_condition *out)
{
	static const char *const operators[] = {"exists", "=",	"!=", ">",
						"<",	  ">=", "<="};
	const char *id = hf_doc_id(&l->d, node, "question", true);
	const char *op = hf_doc_text(&l->d, node, "operator", true);
	int question = hf_qn_find(l->q, hf_sv_from(id)), found = -1;
	const struct hf_qn_item *item = &l->q->items[at], *asks;
	const char *wrong;

	for (size_t i = 0; i < HF_COUNT(operators); i++)
		if (strcmp(op, operators[i]) == 0)
			found = (int)i;
	if (found < 0) {
		hf_doc_wrong(&l->d, node, "there is no operator \"%s\"", op);
		return;
	}
	/* Then nothing can hang on itself, and one look from the top is enough. */
	if (question < 0 || (size_t)question >= at) {
		hf_doc_wrong(&l->d, node, "no question \"%s\" stands before this item",
			     id);
		return;
	}
	asks = &l->q->items[question];
	if (asks->looped && asks->looped != item->looped)
		hf_doc_wrong(&l->d, node, "\"%s\" repeats: which one is not known", id);
	out->question = (size_t)question;
	out->op = (enum hf_qn_operator)found;
	if (out->op > HF_QN_DIFFERS && !has_order(hf_qn_types[asks->type].kind))
		hf_doc_wrong(&l->d, node, "answers to \"%s\" have no order", id);
	wrong = hf_qn_value_any(&l->d.json, node, "answer",
				out->op == HF_QN_EXISTS ? HF_QN_BOOLEAN : asks->type,
				l->d.arena, &out->answer);
	if (!wrong || *wrong)
		hf_doc_wrong(&l->d, node, "%s",
			     wrong ? wrong : "the answer is missing");
}

static void
load_conditions(struct hf_qn_load *l, size_t at)
{
	struct hf_qn_item *item = &l->q->items[at];
	uint32_t list =
	    hf_doc_member(&l->d, l->nodes[at], "enableWhen", HF_JSON_ARRAY, false);
	const char *how = hf_doc_text(&l->d, l->nodes[at], "enableBehavior", false);
	size_t n = hf_json_count(&l->d.json, list);

	if (n > HF_QN_CONDITIONS) {
		hf_doc_wrong(&l->d, list, "at most %d conditions", HF_QN_CONDITIONS);
		return;
	}
	if (n > 1 && !*how)
		hf_doc_wrong(&l->d, list, "\"enableBehavior\" says whether any or all");
	item->any = strcmp(how, "any") == 0;
	item->conditions = hf_doc_room(&l->d, n, sizeof *item->conditions);
	HF_DOC_EACH(&l->d, c, list)
	if (item->conditions)
		load_condition(l, c, at, &item->conditions[item->n_conditions++]);
}

/* ---- the whole ---- */

/* The node that "Questionnaire.item[2].text" means, as near as there is one. */
static uint32_t
node_of(const struct hf_json *doc, struct hf_sv path)
{
	uint32_t node = 0;

	hf_sv_cut(&path, '.');
	while (path.n) {
		struct hf_sv step = hf_sv_cut(&path, '.');
		struct hf_sv index = step, name = hf_sv_cut(&index, '[');
		uint32_t next = hf_json_get(doc, node, name);
		int64_t nth;

		if (next != HF_JSON_NONE && index.n > 1 &&
		    hf_sv_int((struct hf_sv){index.p, index.n - 1}, &nth) && nth >= 0)
			next = hf_json_at(doc, next, (uint32_t)nth);
		if (next == HF_JSON_NONE)
			break;
		node = next;
	}
	return node;
}

static bool
is_questionnaire(struct hf_qn_load *l)
{
	struct hf_issues found = {.arena = l->d.arena};
	hf_type_id type = 0;

	if (strcmp(hf_doc_text(&l->d, 0, "resourceType", true), "Questionnaire") != 0) {
		hf_doc_wrong(&l->d, 0, "a form is a Questionnaire");
		return false;
	}
	hf_validate(&l->d.json, 0, &found, &type);
	for (size_t i = 0; i < found.n; i++)
		if (found.items[i].severity == HF_SEV_ERROR)
			hf_doc_wrong(&l->d, node_of(&l->d.json, found.items[i].path),
				     "%.*s: %.*s", HF_SV_ARG(found.items[i].path),
				     HF_SV_ARG(found.items[i].text));
	return found.errors == 0;
}

static void
load_whole(struct hf_qn_load *l)
{
	char url[160];

	l->q->id = hf_doc_id(&l->d, 0, "id", true);
	l->q->version = hf_doc_id(&l->d, 0, "version", true);
	l->q->url = hf_doc_text(&l->d, 0, "url", true);
	l->q->title = hf_doc_text(&l->d, 0, "title", true);
	snprintf(url, sizeof url, HF_QN_BASE "Questionnaire/%s", l->q->id);
	if (strcmp(url, l->q->url) != 0)
		hf_doc_wrong(&l->d, hf_json_member(&l->d.json, 0, "url"),
			     "the url is \"%s\"", url);
	hf_qn_load_score(l);
	l->q->items = hf_doc_room(&l->d, HF_QN_ITEMS, sizeof *l->q->items);
	if (!l->q->items)
		return;
	load_items(l, hf_doc_member(&l->d, 0, "item", HF_JSON_ARRAY, true), -1);
	for (size_t i = 0; i < l->q->n_items; i++)
		load_conditions(l, i);
}

enum hf_rc
hf_qn_load(const char *name, struct hf_sv text, struct hf_arena *arena,
	   struct hf_issues *issues, struct hf_qn **out, struct hf_err *err)
{
	struct hf_qn_load *l = HF_NEW(arena, struct hf_qn_load);
	struct hf_qn *q = HF_NEW(arena, struct hf_qn);
	enum hf_rc rc;

	if (!l || !q)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	l->q = q;
	q->text = text;
	if (hf_doc_open(&l->d, name, text, arena, issues) && is_questionnaire(l))
		load_whole(l);
	rc = hf_doc_close(&l->d, err);
	if (rc == HF_OK)
		*out = q;
	else
		hf_qn_free(q);
	return rc;
}

void
hf_qn_free(struct hf_qn *q)
{
	for (size_t i = 0; q && i < q->n_items; i++) {
		hf_path_free(q->items[i].reckoned);
		q->items[i].reckoned = NULL;
	}
}
