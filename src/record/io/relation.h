/* relation.h - a person's legitimate relationships and choices, read from the record.
 *
 * Nobody keeps them by hand: each comes from a resource on the person's shelves and
 * names it.  What the record cannot say is not made up: relationships by hub call,
 * delegation, and of the person and their proxies come from elsewhere.
 *
 *   GPREG    Patient.generalPractitioner
 *   REFER    open ServiceRequest, its performers; Task of a hub's referral or of an
 *            offer of it, its owner and the hub
 *   CASE     EpisodeOfCare, its organisation and care manager; HOME at a care home
 *   INPT     Encounter that is a stay or an attendance; HOME at a care home
 *   APPT     Appointment that was not cancelled, its places and practitioners
 *   MDT      CareTeam of the person, its members; HOME for those of a care home
 *   HOME     the address is a care home's
 *   CONSENT  Consent that permits named organisations or practitioners */
#ifndef HF_RECORD_IO_RELATION_H
#define HF_RECORD_IO_RELATION_H

#include "access/relation.h"
#include "access/policy.h"
#include "record/io/store.h"

/* The care homes of the place by their addresses; changes with Organizations only,
 * so a server keeps it. */
struct hf_care_homes {
	struct hf_care_home *items;
	size_t n;
};

struct hf_relations {
	struct hf_relation *items;
	size_t n, size;
	/* The person's choices; .n 0: none is recorded. */
	struct hf_sv objection; /* "Consent/id" that denies sharing */
	struct hf_sv type1;	/* the entry that dissents from GP data leaving */
};

/* Reads the Organizations that are care homes, at most 10,000 looked at.  The result
 * lies in arena. */
enum hf_rc hf_care_homes_read(struct hf_reader *reader, struct hf_arena *arena,
			      struct hf_care_homes *out, struct hf_err *err);

/* Reads the relationships of the person whose Patient resource has the id, on all
 * shelves that are this person.  homes may be NULL: then nobody's address is looked
 * at.  Those that ended or have not begun are in it too: who asks compares with now
 * (hf_relation_counts()).  HF_NOT_FOUND, HF_GONE; HF_TOO_LONG past the arena.  The
 * result lies in arena. */
enum hf_rc hf_relations_read(struct hf_reader *reader, struct hf_sv id,
			     const struct hf_care_homes *homes, struct hf_arena *arena,
			     struct hf_relations *out, struct hf_err *err);

/* The same of all these shelves, which are one person's; but what has surely ended
 * before now, by policy, need not be in it.  policy NULL: everything. */
enum hf_rc hf_relations_read_shelves(struct hf_reader *reader, const int64_t *shelves,
				     size_t n, const struct hf_care_homes *homes,
				     const struct hf_policy *policy, hf_time now,
				     struct hf_arena *arena, struct hf_relations *out,
				     struct hf_err *err);

/* May the resource of this entry be an opt-out of general practice data (Type 1), or
 * its withdrawal? */
bool hf_relation_may_be_type1(const struct hf_entry *e);

/* The ODS code (upper case) of the organisation that a resource comes from, by its
 * meta.source; n 0: it does not say. */
struct hf_sv hf_source_ods(const struct hf_json *resource, struct hf_arena *arena);
/* The same of the resource at node. */
struct hf_sv hf_source_ods_at(const struct hf_json *doc, uint32_t node,
			      struct hf_arena *arena);

#endif
