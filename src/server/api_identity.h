/* api_identity.h - what the files of /api/identity share. */
#ifndef HF_SERVER_API_IDENTITY_H
#define HF_SERVER_API_IDENTITY_H

#include "record/io/merge.h"
#include "record/match.h"
#include "server/api.h"

/* A record as whoever decides needs to see it: who it says the person is.  Clinical
 * content is never part of it. */
struct hf_identity_record {
	hf_rid rid;
	int64_t shelf;
	struct hf_sv id;
	bool gone; /* deleted, or not for this user */
	struct hf_version v;
	struct hf_json doc;
	struct hf_match_person who;
};

/* The Patient with an id; HF_NOT_FOUND, HF_GONE. */
enum hf_rc hf_identity_open(struct hf_call *call, struct hf_sv id,
			    struct hf_identity_record *out, struct hf_err *err);
/* The Patient of a shelf; gone when it cannot be shown. */
enum hf_rc hf_identity_of_shelf(struct hf_call *call, int64_t shelf,
				struct hf_identity_record *out, struct hf_err *err);
/* id, name, born, sex, number … as members of an object that is open. */
void hf_identity_write_line(struct hf_call *call, struct hf_jw *w,
			    const struct hf_identity_record *r);
/* All names, addresses, numbers, and how much the record holds. */
enum hf_rc hf_identity_write_whole(struct hf_call *call, struct hf_jw *w,
				   const struct hf_identity_record *r,
				   struct hf_err *err);

/* [{"field","text","bits"}] of what is kept of a pair, or of an answer. */
void hf_identity_write_fields(struct hf_jw *w, struct hf_sv fields);
/* bits and probability of a score in thousandths of a bit. */
void hf_identity_write_score(struct hf_jw *w, int64_t score);
/* A fact about two records as an object; records outside are named by their id. */
enum hf_rc hf_identity_write_fact(struct hf_call *call, struct hf_jw *w,
				  const struct hf_link_fact *f, struct hf_err *err);

/* Who decides, with the reason the page sent. */
struct hf_link_by hf_identity_by(struct hf_call *call, struct hf_sv reason);
void hf_identity_done(struct hf_call *call, const struct hf_link_done *done);

#endif
