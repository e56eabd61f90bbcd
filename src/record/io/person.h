/* person.h - one person for the pages: finding them, the banner, the summary, the
 * timeline, one entry whole.
 *
 * A view is computed from the entries of the person's shelves (type, date and code
 * signature stand beside each body), so that only what is shown is opened: a record
 * of 5,000 resources is read in some hundreds of bodies.  Everything lies in the
 * arena of the call; a view with n 0 means "not recorded". */
#ifndef HF_RECORD_IO_PERSON_H
#define HF_RECORD_IO_PERSON_H

#include "record/io/store.h"
#include "record/person_query.h"

/* ---- finding ---- */

struct hf_person_line {
	hf_rid rid;
	int64_t shelf;
	struct hf_sv id, name, born, born_text, age, died, sex;
	struct hf_sv number, number_status; /* "999 000 0018", "verified" */
	bool verified, deceased;
	struct hf_sv address, practice, practice_ref;
	struct hf_sv match; /* "NHS number, name": what of the query it meets */
	int score;
};

struct hf_person_found {
	struct hf_person_query query;
	struct hf_person_line *lines;
	size_t n;
	bool more;	   /* there are others */
	struct hf_sv next; /* give it back as after for the next lines; n 0: none */
	struct hf_sv hint; /* what to do when it is not the person; n 0: nothing */
};

/* Finds people by what was typed, best first.  An empty text lists everybody by
 * name.  limit is at most 50.  HF_INVALID for a bad after or text. */
enum hf_rc hf_person_find(struct hf_store *store, struct hf_reader *reader,
			  struct hf_sv text, struct hf_sv after, size_t limit,
			  hf_time now, struct hf_arena *arena,
			  struct hf_person_found *out, struct hf_err *err);

/* The same by a query that is taken apart already, without hints on how to type it. */
enum hf_rc hf_person_find_query(struct hf_store *store, struct hf_reader *reader,
				const struct hf_person_query *query, size_t limit,
				hf_time now, struct hf_arena *arena,
				struct hf_person_found *out, struct hf_err *err);

/* ---- facts ---- */

enum hf_person_kind {
#define HF_PERSON_KIND(name, code, text) HF_KIND_OF_##name,
#include "record/io/person_kind.def"
#undef HF_PERSON_KIND
	HF_PERSON_KINDS
};

enum hf_setting {
#define HF_SETTING(name, code, text) HF_SETTING_##name,
#include "record/io/person_setting.def"
#undef HF_SETTING
	HF_SETTINGS
};

const char *hf_person_kind_code(enum hf_person_kind kind);
const char *hf_person_kind_text(enum hf_person_kind kind);
const char *hf_setting_code(enum hf_setting setting);
const char *hf_setting_text(enum hf_setting setting);

/* One thing the record says, in the reader's words. */
struct hf_person_fact {
	struct hf_entry e;
	struct hf_sv id;
	enum hf_person_kind kind;
	struct hf_sv word; /* what it is: "Prescription" */
	struct hf_sv title, value, detail, status;
	struct hf_sv flag, flag_text; /* "high", "high": interpretation of a value */
	struct hf_sv at;    /* the FHIR date text it is placed by; n 0: none */
	struct hf_sv until; /* in words */
	hf_time instant;    /* 0: none */
	struct hf_sv by, org, org_ref;
	enum hf_setting setting;
};

struct hf_person_facts {
	struct hf_person_fact *items;
	size_t n, size;
};

/* ---- a person ---- */

struct hf_person; /* lies in the arena it was opened with */

/* Opens the person whose Patient resource has the id.  HF_NOT_FOUND, HF_GONE. */
enum hf_rc hf_person_open(struct hf_store *store, struct hf_reader *reader,
			  struct hf_sv id, hf_time now, struct hf_arena *arena,
			  struct hf_person **out, struct hf_err *err);
hf_rid hf_person_rid(const struct hf_person *person);	/* of the Patient */
size_t hf_person_count(const struct hf_person *person); /* resources, Patient too */

struct hf_contact_line {
	struct hf_sv ref, name, role, org, phone;
};

enum hf_allergies { HF_ALLERGY_NONE_RECORDED, HF_ALLERGY_NONE_KNOWN, HF_ALLERGY_SOME };

struct hf_person_banner {
	struct hf_person_line line;
	struct hf_sv *other_names;
	size_t n_other_names;
	struct hf_contact_line *phones; /* .role is the use, .phone the number */
	size_t n_phones;
	struct hf_sv practice_phone, language;
	bool interpreter;
	struct hf_person_facts alerts;
	struct hf_contact_line *carers;
	size_t n_carers;
	enum hf_allergies allergies;
	struct hf_person_facts allergy;
	size_t linked; /* Patient resources that are this one person */
};

struct hf_point {
	hf_time at;
	double value;
	struct hf_sv text;
};

struct hf_series {
	struct hf_person_fact latest;
	struct hf_point *points; /* oldest first, latest included */
	size_t n;
	int change; /* -1, 0, 1 against the one before; 2: nothing to compare */
};

struct hf_person_summary {
	struct hf_person_facts problems, past_problems, medicines, past_medicines;
	size_t more_problems, more_medicines, more_series;
	struct hf_series *series;
	size_t n_series;
	struct hf_person_facts plans, matters, last, next;
	struct hf_contact_line *involved;
	size_t n_involved;
};

enum hf_rc hf_person_banner(struct hf_person *person, struct hf_person_banner *out,
			    struct hf_err *err);
enum hf_rc hf_person_summary(struct hf_person *person, struct hf_person_summary *out,
			     struct hf_err *err);

/* ---- timeline ---- */

struct hf_timeline_query {
	int kind;	     /* enum hf_person_kind, -1 for all */
	int setting;	     /* enum hf_setting, -1 for all */
	struct hf_sv org;    /* "Organization/…", n 0 for all */
	struct hf_sv words;  /* all of them must occur; n 0 for all */
	struct hf_sv before; /* from .next of the page before; n 0 for the newest */
	size_t limit;	     /* at most 200 */
};

struct hf_timeline {
	struct hf_person_facts facts; /* newest first; what has no date comes last */
	struct hf_sv next;	      /* n 0 at the end */
	int64_t total;		      /* -1 when that would mean reading all */
	size_t looked;		      /* bodies opened */
	bool stopped; /* the bound was reached before the page was full */
};

/* HF_INVALID for a before that is none of ours. */
enum hf_rc hf_person_timeline(struct hf_person *person,
			      const struct hf_timeline_query *query,
			      struct hf_timeline *out, struct hf_err *err);
/* How many entries of each kind; of array HF_PERSON_KINDS long. */
void hf_person_kinds(const struct hf_person *person, size_t *of);

struct hf_source {
	struct hf_sv ref, name;
	enum hf_setting setting;
	size_t n;
};

/* Which organisations and settings the record comes from: reads every body. */
enum hf_rc hf_person_sources(struct hf_person *person, struct hf_source **out,
			     size_t *n, size_t by_setting[HF_SETTINGS], size_t *without,
			     struct hf_err *err);

/* ---- one entry ---- */

struct hf_opened {
	struct hf_person_fact fact;
	struct hf_version version;
	struct hf_sv patient;	 /* id of the person it is about; n 0: none */
	struct hf_source *names; /* .ref → .name of the references it holds */
	size_t n_names;
};

/* HF_NOT_FOUND, HF_GONE. */
enum hf_rc hf_person_entry(struct hf_store *store, struct hf_reader *reader,
			   struct hf_sv type, struct hf_sv id, hf_time now,
			   struct hf_arena *arena, struct hf_opened *out,
			   struct hf_err *err);

/* ---- the place ---- */

struct hf_org_line {
	struct hf_sv ref, name, kind, code, address, part_of;
	enum hf_setting setting;
	bool closed;
};

/* Organisations by name, at most max; *more when there are others. */
enum hf_rc hf_place_organisations(struct hf_store *store, struct hf_reader *reader,
				  size_t max, struct hf_arena *arena,
				  struct hf_org_line **out, size_t *n, bool *more,
				  struct hf_err *err);

#endif
