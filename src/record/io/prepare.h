/* prepare.h - what prepare.c and write.c share about a change under way. */
#ifndef HF_RECORD_IO_PREPARE_H
#define HF_RECORD_IO_PREPARE_H

#include "fhir/validate.h"
#include "record/io/store_impl.h"

struct hf_work { /* beside each item */
	struct hf_people people;
	bool exists;	     /* there is a row, maybe of a deleted resource */
	bool awaited;	     /* a Patient whose shelf was kept for it */
	bool hidden;	     /* there is a row that the actor may not know of */
	struct hf_sv source; /* meta.source that it is given; n 0: as it came */
	struct hf_row old;
	struct hf_sv old_kept;
	hf_rid rid;
	struct hf_people links; /* of a Patient: whom its link names */
	uint64_t number_now;	/* hf_link_key() of the Patient that is written */
	uint64_t number;	/* hf_link_key() of the Patient that is replaced */
};

struct hf_known { /* a Patient that is not in the change */
	struct hf_known *next;
	struct hf_sv id;
	int64_t hash;
	hf_rid rid; /* 0 when it is not in the store either */
	bool asked;
};

struct hf_prep {
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_change *change;
	struct hf_arena *arena;
	struct hf_err *err;
	struct hf_prepared *out;
	struct hf_work *work;
	struct hf_known *known;
	struct {
		struct hf_sv url;
		size_t item; /* from 1; 0 is free */
	} * urls;
	size_t n_urls;	     /* a power of two */
	struct hf_numbered { /* Patients of the change that have a number, by it */
		uint64_t number;
		size_t item;
	} * numbered;
	size_t n_numbered;
	size_t size_links;
	size_t size_shelves;
	const struct hf_viewer *viewer; /* who changes; NULL: the system itself */
	bool unresolved;		/* a reference by a condition was left over */
	bool resolved;			/* hf_prep_resolve() has replaced something */
};

/* prepare.c */
enum hf_rc hf_prep_no_memory(struct hf_err *err);
/* Whether an item has a body to keep. */
bool hf_prep_writes_body(const struct hf_change_item *it);
/* The item a reference means; SIZE_MAX for none of this change. */
size_t hf_prep_item(const struct hf_prep *p, struct hf_sv reference);
/* The item that is the Patient meant by text; SIZE_MAX when it is not in here. */
size_t hf_prep_patient_item(struct hf_prep *p, struct hf_sv text);
/* The id of the Patient of this store that a reference names; n 0 for none. */
struct hf_sv hf_prep_patient_id(const struct hf_prep *p, struct hf_sv reference);
/* What this change knows about a Patient that is not in it; NULL: no memory. */
struct hf_known *hf_prep_known(struct hf_prep *p, struct hf_sv id);
/* Asks the store where that Patient stands. */
enum hf_rc hf_prep_look_up(struct hf_prep *p, struct hf_known *k);

/* prepare_hub.c: a Task of the hub is changed by the hub alone.  After what the actor
 * may not do was refused, so that nobody learns of a Task by it. */
enum hf_rc hf_prep_hub_alone(struct hf_prep *p);

/* prepare_report.c: MeasureReports are of groups of people. */
enum hf_rc hf_prep_reports(struct hf_prep *p);

/* place.c: gives every item its rid and id. */
enum hf_rc hf_prep_place(struct hf_prep *p);

/* write.c: fills p->out->writes from items that have their places. */
enum hf_rc hf_prep_writes(struct hf_prep *p);
/* For hf_body_pack(). */
bool hf_prep_resolve(void *ctx, struct hf_sv reference, struct hf_sv *to);
/* The shelves of these people, that of item i left out. */
enum hf_rc hf_prep_shelves(struct hf_prep *p, size_t i, const struct hf_people *people,
			   int64_t **out, size_t *n);
/* The shelves of the people item i speaks of, its own left out. */
enum hf_rc hf_prep_people_shelves(struct hf_prep *p, size_t i, int64_t **out,
				  size_t *n);

/* viewer_change.c: what the actor may not change is refused.  All do nothing without
 * a viewer.  Before the change is placed: where the new resources come from. */
enum hf_rc hf_viewer_sources(struct hf_prep *p);
/* Of item i, whose old row was read: may they know of it? */
enum hf_rc hf_viewer_knows(struct hf_prep *p, size_t i);
/* After it is placed: may they do all of it? */
enum hf_rc hf_viewer_changes(struct hf_prep *p);
/* After links were decided: a person's change does not join records to others that
 * the actor may not see; somebody looks at them first. */
enum hf_rc hf_viewer_links(struct hf_prep *p);

#endif
