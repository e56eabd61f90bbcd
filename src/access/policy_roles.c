/* policy_roles.c - roles.json read into a policy: what each group may do, for which
 * purposes, and the roles. */
#include "access/policy_load.h"

static void
include(struct hf_load *l, uint64_t *includes)
{
	uint32_t list = hf_load_array(l, 0, HF_SV("activities"), WORDS_MAX);

	if (list == HF_JSON_NONE)
		return;
	for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		int of = hf_load_word(l, c, HF_SV("activity"), HF_WORDS_ACTIVITY);
		uint32_t set = hf_json_member(&l->doc, c, "includes");

		hf_load_only(l, c, "activity includes");
		if (of > 0 && set != HF_JSON_NONE)
			includes[of] |= hf_load_set(l, set, HF_WORDS_ACTIVITY);
	}
	/* What is included includes in turn. */
	for (int round = 0; round < HF_ACTIVITIES; round++)
		for (int a = 0; a < HF_ACTIVITIES; a++)
			for (int b = 0; b < HF_ACTIVITIES; b++)
				if (includes[a] & HF_BIT(b))
					includes[a] |= includes[b];
}

/* The purposes that a session of the group may have; the first when nobody says. */
static void
load_purposes(struct hf_load *l, uint32_t node, int group)
{
	uint32_t set = hf_json_member(&l->doc, node, "purposes"), list;
	int first;

	if (set == HF_JSON_NONE) {
		hf_load_wrong(l, node, "\"purposes\" is needed here");
		return;
	}
	l->out->purposes[group] = hf_load_set(l, set, HF_WORDS_PURPOSE);
	list = hf_load_list(l, set);
	first =
	    list == HF_JSON_NONE ? -1 : hf_load_word_at(l, list + 1, HF_WORDS_PURPOSE);
	if (first > 0)
		l->out->purpose[group] = (enum hf_purpose)first;
}

static void
load_groups(struct hf_load *l)
{
	uint64_t includes[HF_ACTIVITIES] = {0};
	uint32_t list = hf_load_array(l, 0, HF_SV("groups"), HF_GROUPS);

	include(l, includes);
	if (list == HF_JSON_NONE)
		return;
	for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		int group = hf_load_word(l, c, HF_SV("group"), HF_WORDS_GROUP);
		uint32_t set = hf_json_member(&l->doc, c, "activities");

		hf_load_only(l, c, "group activities purposes");
		if (group <= 0)
			continue;
		if (l->out->activities[group])
			hf_load_wrong(l, c, "group %s stands there already",
				      hf_word(HF_WORDS_GROUP, group));
		if (set == HF_JSON_NONE) {
			hf_load_wrong(l, c, "\"activities\" is needed here");
			continue;
		}
		l->out->activities[group] = hf_load_set(l, set, HF_WORDS_ACTIVITY);
		for (int a = 0; a < HF_ACTIVITIES; a++)
			if (l->out->activities[group] & HF_BIT(a))
				l->out->activities[group] |= includes[a];
		load_purposes(l, c, group);
	}
}

static void
load_role(struct hf_load *l, uint32_t node)
{
	const char *code = HF_LOAD_TEXT(l, node, "code");
	int group = hf_load_word(l, node, HF_SV("group"), HF_WORDS_GROUP);
	uint32_t set = hf_json_member(&l->doc, node, "activities");
	struct hf_role role = {.code = code,
			       .name = HF_LOAD_TEXT(l, node, "name"),
			       .group =
				   group < 0 ? HF_GROUP_NONE : (enum hf_group)group};

	hf_load_only(l, node, "code name group activities");
	if (hf_policy_role(l->out, hf_sv_from(code)))
		hf_load_wrong(l, node, "there is a role %s already", code);
	role.activities = l->out->activities[role.group];
	if (set != HF_JSON_NONE) {
		role.activities = hf_load_set(l, set, HF_WORDS_ACTIVITY);
		if (role.activities & ~l->out->activities[role.group])
			hf_load_wrong(l, set,
				      "role %s has an activity that its group has not",
				      code);
	}
	l->out->roles[l->out->n_roles++] = role;
}

void
hf_load_roles(struct hf_load *l)
{
	uint32_t list = hf_load_array(l, 0, HF_SV("roles"), WORDS_MAX);

	hf_load_only(l, 0, "document version activities groups roles");
	load_groups(l);
	if (list == HF_JSON_NONE)
		return;
	l->out->roles = hf_load_room(l, list, sizeof(*l->out->roles));
	for (uint32_t c = list + 1; l->out->roles && c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next)
		load_role(l, c);
}
