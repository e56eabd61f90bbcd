/* viewer.c - who looks through a reader, and one answer.
 *
 * Persons are put into classes: those with the same relationships, choices and glass
 * are decided alike, so that a decision is made once for a class, a kind of content and
 * what its organisation shares, and then looked up.  Only what is labelled, or speaks
 * of several persons, is opened to decide on it. */
#include "record/io/viewer_sight.h"

#include <stdlib.h>

#include "record/io/person_int.h"

static const struct hf_sv nothing = {NULL, 0};

/* ---- what a type is ---- */

static struct hf_kind kinds[HF_TYPES_MOST];

static void
set_up_kinds(void)
{
	for (hf_type_id t = 1; t <= hf_n_resource_types; t++)
		kinds[t] = (struct hf_kind){HF_CONTENT_CLINICAL, HF_LEVEL_S1, false};
#define HF_CONTENT_OF(type, what, how)                                                 \
	kinds[hf_person_type(#type)].content = HF_CONTENT_##what;                      \
	kinds[hf_person_type(#type)].level = HF_LEVEL_##how;
#define HF_DIRECTORY(type) kinds[hf_person_type(#type)].directory = true;
#include "record/io/viewer_content.def"
#undef HF_CONTENT_OF
#undef HF_DIRECTORY
}

const struct hf_kind *
hf_sight_kind(hf_type_id type)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, set_up_kinds);
	assert(type > 0 && type <= hf_n_resource_types);
	return &kinds[type];
}

/* ---- setting a viewer ---- */

static unsigned
letters_of(enum hf_activity activity)
{
	return activity == HF_ACT_SEARCH || activity == HF_ACT_TRACE ? HF_CRUD_S
								     : HF_CRUD_R;
}

static void
forget(struct hf_sight *s)
{
	s->generation++;
	s->n_classes = 0;
	s->self = s->only = -1;
}

void
hf_reader_as(struct hf_reader *r, const struct hf_viewer *viewer)
{
	struct hf_sight *s = r->sight;

	r->viewer = viewer;
	if (!viewer)
		return;
	if (!s)
		s = r->sight = calloc(1, sizeof *s);
	if (!s)
		return; /* each question fails then */
	forget(s);
	s->activity = viewer->activity;
	s->letters = letters_of(viewer->activity);
	s->ask = hf_access_ask_of(viewer->actor, viewer->now);
	s->ask.ndo_list_at = viewer->rights ? hf_rights_ndo_list_at(viewer->rights) : 0;
	s->ods = hf_ods_pack(viewer->actor->org);
}

bool
hf_reader_is_viewed(const struct hf_reader *r)
{
	return r->viewer != NULL;
}

bool
hf_operates(const struct hf_reader *r)
{
	return r->viewer && r->viewer->activity == HF_ACT_OPERATE;
}

enum hf_activity
hf_reader_does(struct hf_reader *r, enum hf_activity activity)
{
	enum hf_activity was;

	if (!r->viewer || !r->sight)
		return activity;
	was = r->sight->activity;
	if (was != activity) {
		r->sight->activity = activity;
		r->sight->letters = letters_of(activity);
		r->sight->ask.facts &= ~HF_BIT(HF_FACT_THREE_TERMS);
		r->sight->n_classes = 0;
		r->sight->generation++;
	}
	return was;
}

enum hf_activity
hf_reader_traces(struct hf_reader *r, size_t terms)
{
	enum hf_activity was = hf_reader_does(r, HF_ACT_TRACE);

	if (r->viewer && r->sight && terms >= 3)
		r->sight->ask.facts |= HF_BIT(HF_FACT_THREE_TERMS);
	return was;
}

bool
hf_reader_may_trace(const struct hf_reader *r)
{
	const struct hf_viewer *v = r->viewer;

	return !v || (v->policy->activities[v->actor->group] & HF_BIT(HF_ACT_TRACE));
}

enum hf_rc
hf_no_sight(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "no memory to decide on who may see this");
}

/* ---- one answer ---- */

void
hf_sight_note(const struct hf_viewer *v, const struct hf_class *k,
	      enum hf_content content, const struct hf_access_answer *a)
{
	struct hf_seen *seen = v->seen;

	if (!seen)
		return;
	if (!seen->rule || a->outcome > seen->strictest) {
		seen->strictest = a->outcome;
		seen->rule = a->rule;
	}
	if (a->outcome == HF_ALLOW) {
		seen->relations |= k->relations;
		seen->notes |= a->notes;
		if (a->until)
			seen->reason = k->glass.reason;
	} else if (k->relations && (a->outcome == HF_MASK || a->outcome == HF_BTG)) {
		seen->masked |= HF_BIT(content);
		if (a->glass)
			seen->masked_glass |= HF_BIT(content);
	}
}

struct hf_access_answer
hf_sight_answer(const struct hf_reader *r, const struct hf_class *k,
		const struct hf_thing *t)
{
	const struct hf_viewer *v = r->viewer;
	struct hf_access_ask ask = r->sight->ask;

	ask.activity = t->activity;
	ask.content = t->content;
	ask.level = t->level;
	ask.relations = k->relations;
	ask.facts |= k->facts | t->facts | HF_BIT(HF_FACT_IN_SCOPE);
	if (k->granted & HF_BIT(t->content))
		ask.facts |= HF_BIT(HF_FACT_PROXY_GRANT);
	ask.glass = k->glass;
	ask.item_org = t->org == HF_ORG_OWN ? v->actor->org : nothing;
	ask.tier = t->org == HF_ORG_OWN ? HF_TIER_T4 : (enum hf_tier)(t->org - 1);
	/* What an agreement of the highest tier covers was agreed to be shared. */
	if (ask.tier == HF_TIER_T4 && t->org != HF_ORG_OWN)
		ask.facts |= HF_BIT(HF_FACT_SHARED);
	return hf_access_decide(&(struct hf_access_facts){
	    .actor = v->actor,
	    .need = HF_NEED_CLINICAL,
	    .audit_works = v->audit_works,
	    .policy = v->policy,
	    .ask = &ask,
	});
}

/* Of what is not labelled: looked up. */
bool
hf_sight_open(const struct hf_reader *r, struct hf_class *k, enum hf_content content,
	      enum hf_level level, unsigned org)
{
	uint8_t *at = &k->outcome[content][level == HF_LEVEL_S1][org];

	if (*at == 0) {
		struct hf_thing t = {r->sight->activity, content, level, org, 0};
		struct hf_access_answer a = hf_sight_answer(r, k, &t);

		hf_sight_note(r->viewer, k, content, &a);
		*at = (uint8_t)(a.outcome + 1);
	}
	return *at == HF_ALLOW + 1;
}

/* Could anything of this content be seen of persons of the class, whatever its labels
 * and its organisation? */
bool
hf_sight_any(const struct hf_reader *r, struct hf_class *k, enum hf_content content)
{
	static const uint64_t all = HF_BIT(HF_FACT_OWN_TEAM) | HF_BIT(HF_FACT_SHARED);

	if (k->any[content] == 0) {
		k->any[content] = 1;
		for (int level = HF_LEVEL_S0; level < HF_LEVELS; level++)
			for (unsigned org = 0; org < HF_ORG_CLASSES; org++) {
				struct hf_thing t = {r->sight->activity, content,
						     (enum hf_level)level, org, all};

				if (org == 1 + HF_TIER_NONE ||
				    hf_sight_answer(r, k, &t).outcome != HF_ALLOW)
					continue;
				k->any[content] = 2;
				return true;
			}
	}
	return k->any[content] == 2;
}
