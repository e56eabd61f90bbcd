/* policy.c - looking things up in a policy; the windows of relationships. */
#include "access/relation.h"
#include "access/sensitive.h"

const struct hf_role *
hf_policy_role(const struct hf_policy *policy, struct hf_sv code)
{
	for (size_t i = 0; i < policy->n_roles; i++)
		if (hf_sv_eq(code, hf_sv_from(policy->roles[i].code)))
			return &policy->roles[i];
	return NULL;
}

/* Which of two levels is the stricter: P is left out by everybody but a few. */
static int
strictness(enum hf_level level)
{
	static const int order[HF_LEVELS] = {
	    [HF_LEVEL_NONE] = 5, [HF_LEVEL_S0] = 0, [HF_LEVEL_S1] = 1,
	    [HF_LEVEL_S2] = 2,	 [HF_LEVEL_P] = 3,  [HF_LEVEL_S3] = 4,
	};

	return order[level];
}

static const struct hf_category *
category_of(const struct hf_policy *policy, struct hf_sv label)
{
	for (size_t i = 0; i < policy->n_categories; i++) {
		const struct hf_category *c = &policy->categories[i];

		for (size_t k = 0; k < c->n_labels; k++)
			if (hf_sv_eq(label, c->labels[k]))
				return c;
	}
	return NULL;
}

/* What was found of a resource: the strictest. */
struct found {
	enum hf_level level;
	const struct hf_category *category;
};

static bool
take(void *ctx, const struct hf_category *category)
{
	struct found *f = ctx;

	if (strictness(category->level) > strictness(f->level)) {
		f->level = category->level;
		f->category = category;
	}
	return true;
}

static bool
take_one(void *ctx, const struct hf_category *category)
{
	(void)category;
	*(bool *)ctx = true;
	return false;
}

static void
each_label(const struct hf_policy *policy, const struct hf_json *doc, uint32_t node,
	   bool (*found)(void *ctx, const struct hf_category *category), void *ctx)
{
	uint32_t meta = hf_json_member(doc, node, "meta");
	uint32_t labels = hf_json_member(doc, meta, "security");

	if (labels == HF_JSON_NONE || hf_json_type(doc, labels) != HF_JSON_ARRAY)
		return;
	for (uint32_t c = labels + 1; c < doc->nodes[labels].next;
	     c = doc->nodes[c].next) {
		uint32_t code = hf_json_member(doc, c, "code");
		const struct hf_category *category;

		if (code == HF_JSON_NONE || hf_json_type(doc, code) != HF_JSON_STRING)
			continue;
		category = category_of(policy, hf_json_raw(doc, code));
		if (category && !found(ctx, category))
			return;
	}
}

enum hf_level
hf_policy_level_at(const struct hf_policy *policy, const struct hf_json *doc,
		   uint32_t node, const struct hf_category **category)
{
	struct found f = {.level = HF_LEVEL_S1};

	each_label(policy, doc, node, take, &f);
	hf_policy_codes_in(policy->codes, doc, node, take, &f);
	*category = f.category;
	return f.level;
}

enum hf_level
hf_policy_level(const struct hf_policy *policy, const struct hf_json *resource,
		const struct hf_category **category)
{
	return hf_policy_level_at(policy, resource, 0, category);
}

bool
hf_policy_may_be_sensitive(const struct hf_policy *policy, const struct hf_json *doc,
			   uint32_t node)
{
	bool any = false;

	each_label(policy, doc, node, take_one, &any);
	if (!any)
		hf_policy_codes_in(policy->codes, doc, node, take_one, &any);
	return any;
}

const struct hf_category *
hf_policy_category(const struct hf_policy *policy, struct hf_sv code)
{
	for (size_t i = 0; i < policy->n_categories; i++)
		if (hf_sv_eq(code, hf_sv_from(policy->categories[i].code)))
			return &policy->categories[i];
	return NULL;
}

/* ---- relationships ---- */

hf_time
hf_relation_until(const struct hf_policy *policy, const struct hf_relation *r)
{
	hf_time after = policy->windows[r->kind].after;

	return r->end > HF_TIME_MAX - after ? HF_TIME_MAX : r->end + after;
}

bool
hf_relation_counts(const struct hf_policy *policy, const struct hf_relation *r,
		   hf_time now)
{
	hf_time before = policy->windows[r->kind].before;
	hf_time from =
	    r->start < HF_TIME_MIN + before ? HF_TIME_MIN : r->start - before;

	/* An interval that ends before it begins is no interval. */
	return r->end >= r->start && from <= now && now < hf_relation_until(policy, r);
}

static bool
same_code(struct hf_sv a, struct hf_sv b)
{
	if (a.n == 0 || a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		char x = a.p[i], y = b.p[i];

		x = x >= 'a' && x <= 'z' ? (char)(x - 'a' + 'A') : x;
		y = y >= 'a' && y <= 'z' ? (char)(y - 'a' + 'A') : y;
		if (x != y)
			return false;
	}
	return true;
}

bool
hf_relation_is_of(const struct hf_relation *r, struct hf_sv org, struct hf_sv who)
{
	return r->org.n ? same_code(r->org, org) : r->who.n && hf_sv_eq(r->who, who);
}

uint64_t
hf_relations_of(const struct hf_policy *policy, const struct hf_relation *list,
		size_t n, struct hf_sv org, struct hf_sv who, hf_time now)
{
	uint64_t kinds = 0;

	for (size_t i = 0; i < n; i++) {
		const struct hf_relation *r = &list[i];

		if (hf_relation_is_of(r, org, who) &&
		    hf_relation_counts(policy, r, now))
			kinds |= HF_BIT(r->kind);
	}
	return kinds;
}
