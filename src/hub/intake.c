/* intake.c - the minimum data set read from JSON, by the table intake.def. */
#include "hub/intake_int.h"

const struct hf_intake_item hf_intake_items[] = {
#define HF_INTAKE(path, kind, field, list, need, text)                                 \
	{path,		HF_ITEM_##kind,	     offsetof(struct hf_intake, field),        \
	 HF_HUB_##list, HF_ITEM_NEED_##need, text},
#include "hub/intake.def"
#undef HF_INTAKE
};
const size_t hf_n_intake_items = HF_COUNT(hf_intake_items);

struct hf_sv *
hf_intake_text(const struct hf_intake *in, const struct hf_intake_item *item)
{
	return (struct hf_sv *)((char *)in + item->offset);
}

int *
hf_intake_number(const struct hf_intake *in, const struct hf_intake_item *item)
{
	return (int *)((char *)in + item->offset);
}

struct reading {
	const struct hf_json *doc;
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_intake *out;
	bool full;
};

static void
wrong(struct reading *r, const char *path, const char *text)
{
	hf_issue_add(r->issues, HF_SEV_ERROR, "value", hf_sv_from(path), "%s", text);
}

/* The node of a path of one or two names. */
static uint32_t
find(const struct hf_json *doc, uint32_t node, const char *path)
{
	struct hf_sv rest = hf_sv_from(path);

	while (rest.n && node != HF_JSON_NONE)
		node = hf_json_get(doc, node, hf_sv_cut(&rest, '.'));
	return node;
}

static void
read_item(struct reading *r, uint32_t root, const struct hf_intake_item *item)
{
	uint32_t node = find(r->doc, root, item->path);
	enum hf_json_type type;
	struct hf_date date;
	struct hf_sv s;
	int64_t n;

	if (node == HF_JSON_NONE || hf_json_type(r->doc, node) == HF_JSON_NULL)
		return;
	type = hf_json_type(r->doc, node);
	if (item->kind == HF_ITEM_YES) {
		if (type != HF_JSON_TRUE && type != HF_JSON_FALSE)
			wrong(r, item->path, "expected true or false");
		else
			*hf_intake_number(r->out, item) = type == HF_JSON_TRUE;
		return;
	}
	if (item->kind == HF_ITEM_NUMBER) {
		if (type != HF_JSON_NUMBER ||
		    !hf_sv_int(hf_json_raw(r->doc, node), &n) || n < 1 || n > 9)
			wrong(r, item->path, "expected a number from 1 to 9");
		else
			*hf_intake_number(r->out, item) = (int)n;
		return;
	}
	if (type != HF_JSON_STRING) {
		wrong(r, item->path, "expected a text");
		return;
	}
	s = hf_sv_trim(hf_json_str(r->doc, node, r->arena));
	r->full = r->full || !s.p;
	if (s.n > HF_INTAKE_TEXT)
		wrong(r, item->path, "the text is too long: at most 4,000 bytes");
	else if (item->kind == HF_ITEM_CODE && s.n && !hf_hub_word(item->list, s))
		wrong(r, item->path, "the code is none of the list");
	else if (item->kind == HF_ITEM_TIME && s.n && !hf_date_parse(s, false, &date))
		wrong(r, item->path, "expected a date and time");
	else
		*hf_intake_text(r->out, item) = s;
}

static void
check_person(struct reading *r)
{
	struct hf_intake *in = r->out;
	struct hf_nhs nhs;
	struct hf_date date;
	struct hf_err err;

	if (in->person.nhs.n && hf_nhs_parse(in->person.nhs, &nhs, &err) != HF_OK)
		wrong(r, "person.nhs", "it is not an NHS number: a digit is wrong");
	else if (in->person.nhs.n)
		in->person.nhs = hf_arena_sv(r->arena, hf_nhs_sv(&nhs));
	if (in->person.born.n && (!hf_date_parse(in->person.born, false, &date) ||
				  date.precision > HF_PREC_DAY))
		wrong(r, "person.born", "expected a date as 1940-05-21");
	if (in->person.sex.n &&
	    !hf_sv_among(in->person.sex, "male female other unknown"))
		wrong(r, "person.sex", "expected male, female, other or unknown");
	if (in->person.nhs_status.n &&
	    !hf_sv_among(in->person.nhs_status, "01 02 03 04 05 06 07 08"))
		wrong(r, "person.nhsStatus", "expected 01 to 08");
	if (in->scene.n && !hf_sv_among(in->scene, "S U UNK"))
		wrong(r, "scene", "expected S (safe), U (unsafe) or UNK (not known)");
	if (in->channel.n && !hf_sv_among(in->channel, "page phone message"))
		wrong(r, "channel", "expected page, phone or message");
	if (in->channel.n == 0)
		in->channel = HF_SV("page");
}

static void
read_news2(struct reading *r, uint32_t root)
{
	uint32_t node = hf_json_member(r->doc, root, "news2");
	struct hf_intake *in = r->out;
	struct hf_date date;

	if (node == HF_JSON_NONE || hf_json_type(r->doc, node) == HF_JSON_NULL)
		return;
	if (hf_json_type(r->doc, node) != HF_JSON_OBJECT) {
		wrong(r, "news2", "expected the values of NEWS2");
		return;
	}
	for (uint32_t c = node + 1; c < r->doc->nodes[node].next;
	     c = r->doc->nodes[c].next) {
		struct hf_sv id = hf_json_key(r->doc, c);
		bool text = hf_json_type(r->doc, c) == HF_JSON_STRING;
		struct hf_sv value =
		    text ? hf_json_str(r->doc, c, r->arena) : hf_json_raw(r->doc, c);

		if (hf_json_type(r->doc, c) == HF_JSON_NULL || value.n == 0)
			continue;
		if (hf_sv_is(id, "at")) {
			if (!text || !hf_date_parse(value, false, &date))
				wrong(r, "news2.at", "expected a date and time");
			else
				in->news2_at = value;
			continue;
		}
		if (in->n_news2 < HF_COUNT(in->news2))
			in->news2[in->n_news2++] = (struct hf_score_value){id, value};
		else
			wrong(r, "news2", "there are more values than NEWS2 has");
	}
}

static void
read_flags(struct reading *r, uint32_t root)
{
	uint32_t node = hf_json_member(r->doc, root, "flags");
	struct hf_intake *in = r->out;

	if (node == HF_JSON_NONE || hf_json_type(r->doc, node) != HF_JSON_ARRAY)
		return;
	for (uint32_t c = node + 1; c < r->doc->nodes[node].next;
	     c = r->doc->nodes[c].next) {
		struct hf_sv category = hf_json_str(
		    r->doc, hf_json_member(r->doc, c, "category"), r->arena);
		struct hf_sv text =
		    hf_json_str(r->doc, hf_json_member(r->doc, c, "text"), r->arena);

		if (!hf_hub_word(HF_HUB_FLAGS, category))
			wrong(r, "flags.category", "the code is none of the list");
		else if (text.n > HF_INTAKE_TEXT || in->n_flags == HF_INTAKE_FLAGS)
			wrong(r, "flags", "there are too many, or a text is too long");
		else
			in->flags[in->n_flags++] =
			    (struct hf_intake_flag){category, text};
	}
}

/* Members that are none: a word spelled wrongly is not passed by. */
static void
only_known(struct reading *r, uint32_t object, const char *prefix)
{
	for (uint32_t c = object + 1; c < r->doc->nodes[object].next;
	     c = r->doc->nodes[c].next) {
		struct hf_sv path = hf_arena_printf(r->arena, "%s%.*s", prefix,
						    HF_SV_ARG(hf_json_key(r->doc, c)));
		bool known =
		    hf_sv_among(path, "person person.id person.unknown referrer "
				      "news2 flags foreign");

		for (size_t i = 0; !known && i < hf_n_intake_items; i++)
			known = hf_sv_eq(path, hf_sv_from(hf_intake_items[i].path));
		if (!known)
			hf_issue_add(r->issues, HF_SEV_ERROR, "structure", path,
				     "there is no such item");
		if (!*prefix && hf_json_type(r->doc, c) == HF_JSON_OBJECT &&
		    (hf_sv_is(path, "person") || hf_sv_is(path, "referrer")))
			only_known(r, c,
				   hf_sv_is(path, "person") ? "person." : "referrer.");
	}
}

enum hf_rc
hf_intake_read(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
	       struct hf_issues *issues, struct hf_intake *out, struct hf_err *err)
{
	struct reading r = {doc, arena, issues, out, false};
	uint32_t at;

	*out = (struct hf_intake){.cfs = -1,
				  .alone = -1,
				  .consent_refer = -1,
				  .consent_share = -1,
				  .interpreter_needed = -1};
	if (node == HF_JSON_NONE || hf_json_type(doc, node) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, NULL,
			       "expected the items of a referral");
	only_known(&r, node, "");
	for (size_t i = 0; i < hf_n_intake_items; i++)
		read_item(&r, node, &hf_intake_items[i]);
	out->person.id = hf_json_str(doc, find(doc, node, "person.id"), arena);
	at = find(doc, node, "person.unknown");
	out->person.unknown =
	    at != HF_JSON_NONE && hf_json_type(doc, at) == HF_JSON_TRUE;
	out->foreign = hf_json_str(doc, find(doc, node, "foreign"), arena);
	read_news2(&r, node);
	read_flags(&r, node);
	check_person(&r);
	if (r.full)
		return hf_fail(err, HF_TOO_LONG, NULL, "the referral is too long");
	if (issues->errors)
		return hf_fail(err, HF_INVALID, NULL,
			       "%zu item(s) cannot be taken as they are",
			       issues->errors);
	return HF_OK;
}
