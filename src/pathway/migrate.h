/* migrate.h - taking running instances over to another version of their pathway.  Pure.
 *
 * An instance keeps the version it began with, unless it is migrated by a stated rule:
 *   {"pathway": "referral", "from": "1.0.0", "to": "1.1.0",
 *    "states": {"old": "new"}, "events": {"old": "new", "gone": null},
 *    "clocks": {"C1": "C1a", "gone": null}}
 * What both versions have under one id needs no rule.  null lets an event's last time
 * be forgotten, or a clock go.  A state has to be somewhere: it has no null; and two
 * clocks do not become one. */
#ifndef HF_PATHWAY_MIGRATE_H
#define HF_PATHWAY_MIGRATE_H

#include "pathway/pathway.h"

enum { HF_PW_NOWHERE = 255 };

/* By index in the old version, the index in the new one; HF_PW_NOWHERE for none. */
struct hf_pw_migration {
	const struct hf_pathway *from, *to;
	uint8_t states[HF_PW_STATES], events[HF_PW_EVENTS], clocks[HF_PW_CLOCKS];
};

/* Finds out whether every instance that runs by from could go on by to.  rules n 0:
 * there are none.  HF_INVALID with findings in issues ("name:line" for those about the
 * rules, the id of the new version for the others) when an instance would be stranded:
 * its state, an event it had or a clock it runs is not in the new version, or its
 * state is an end there; or when a rule is wrong.  Limits that differ are warnings: a
 * clock that runs keeps its time.  *out is set in any case. */
enum hf_rc hf_pw_migrate_check(const struct hf_pathway *from,
			       const struct hf_pathway *to, const char *name,
			       struct hf_sv rules, struct hf_arena *arena,
			       struct hf_issues *issues, struct hf_pw_migration *out,
			       struct hf_err *err);

/* Takes one instance over at a time, by a migration that was in order: its state, the
 * times of its events, its clocks with the time they have left.  One that has ended
 * stays with its version: HF_RULE. */
enum hf_rc hf_pw_migrate(const struct hf_pw_migration *m,
			 const struct hf_pw_instance *in, hf_time at,
			 struct hf_pw_instance *out, struct hf_err *err);

#endif
