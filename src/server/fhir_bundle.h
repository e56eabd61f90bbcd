/* fhir_bundle.h - transaction and batch: what the entries ask, and what came of it.
 *
 * bundle_read.c turns entries into struct hf_bundle_entry; bundle_condition.c looks
 * up what is named by a search; fhir_bundle.c carries it out; bundle_write.c makes
 * the response. */
#ifndef HF_SERVER_FHIR_BUNDLE_H
#define HF_SERVER_FHIR_BUNDLE_H

#include "record/io/change.h"
#include "server/fhir.h"

enum hf_ask {
	HF_ASK_READ,
	HF_ASK_VREAD,
	HF_ASK_SEARCH,
	HF_ASK_HISTORY,
	HF_ASK_CREATE,
	HF_ASK_PUT,
	HF_ASK_DELETE
};

struct hf_bundle_entry {
	size_t index; /* in the Bundle */
	enum hf_ask ask;
	hf_type_id type; /* 0: the whole system (search, history) */
	struct hf_sv id;
	uint32_t version;	 /* VREAD */
	struct hf_params params; /* of a search or a history */
	bool conditional;	 /* .params are a condition (PUT, DELETE, CREATE) */
	uint32_t node;		 /* of the resource; HF_JSON_NONE */
	struct hf_sv body_id;	 /* the id in it */
	struct hf_sv full_url;
	struct hf_sv if_none_match; /* of a READ */
	bool valid;		    /* its resource was validated */
	bool none;		    /* DELETE whose condition matched nothing */
	struct hf_change_item item;
	/* A batch entry stands or falls on its own. */
	struct hf_change change;
	struct hf_issues issues;
	bool waiting; /* its change is to be committed in this round */
	/* what came of it */
	enum hf_rc rc;
	struct hf_err err;
};

struct hf_bundle {
	struct hf_json doc;
	bool transaction;
	struct hf_bundle_entry *entries;
	size_t n;
	unsigned rounds;
	struct hf_issues issues; /* of a transaction */
	struct hf_change change;
	struct hf_bundle_entry **of_item; /* which entry an item is of; may be NULL */
};

/* Reads Bundle and entries.  In a transaction every finding goes to b->issues; in
 * a batch a bad entry has its rc set.  HF_INVALID when it is neither of them,
 * HF_TOO_LONG for too many entries. */
enum hf_rc hf_bundle_read(struct hf_call *call, struct hf_bundle *b,
			  struct hf_err *err);

/* Validates the resources of a transaction: every finding of every entry, placed
 * within the Bundle, goes to b->issues.  True when there is no error. */
bool hf_bundle_validate(struct hf_call *call, struct hf_bundle *b);

/* Looks up the condition of an entry and settles what its item does. */
enum hf_rc hf_bundle_settle(struct hf_call *call, struct hf_bundle_entry *e,
			    struct hf_err *err);

/* References that are searches ("Practitioner?identifier=…"): one skipped item
 * each, so that the change resolves them like any other.  Appends to items, which
 * has room for max.  Findings go to b->issues. */
enum hf_rc hf_bundle_references(struct hf_call *call, struct hf_bundle *b,
				struct hf_change_item *items, size_t *n, size_t max,
				struct hf_err *err);
/* How many different ones there can be at most. */
size_t hf_bundle_count_references(const struct hf_bundle *b);

/* The response Bundle, GETs included: they are carried out here. */
void hf_bundle_write(struct hf_call *call, struct hf_bundle *b, struct hf_jw *w);

#endif
