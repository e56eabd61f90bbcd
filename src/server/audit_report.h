/* audit_report.h - "who looked at my record": every access to one person's record, on
 * all shelves that are linked as that person, in words for the person. */
#ifndef HF_SERVER_AUDIT_REPORT_H
#define HF_SERVER_AUDIT_REPORT_H

#include "server/audit_look.h"

enum { HF_REPORT_MOST = 10000 };

struct hf_report_access {
	hf_time at;
	struct hf_sv user, name;      /* id and name of who it was */
	struct hf_sv role, role_name; /* they worked under */
	struct hf_sv org, org_name;
	struct hf_sv behalf;
	struct hf_sv what, why; /* in plain words */
	struct hf_sv glass;	/* reason of a broken glass */
	bool refused;
};

struct hf_report {
	struct hf_sv patient; /* id of the Patient asked after */
	bool own; /* for the person themself: no id of a user who has a name */
	hf_time from, to;
	const struct hf_policy *policy; /* for names of roles; NULL: none */
	/* what came of it */
	int64_t *shelves;
	size_t n_shelves;
	struct hf_report_access *items; /* newest first */
	size_t n;
	size_t large; /* exports, and searches that showed more people than are listed:
		       * the person may have been among them */
	bool more;    /* HF_REPORT_MOST was reached: ask for a shorter time */
};

/* Fills in what came of it, in the arena of look.  HF_NOT_FOUND when there is no such
 * person. */
enum hf_rc hf_report_read(struct hf_look *look, struct hf_report *report,
			  struct hf_err *err);

/* As a JSON object; as CSV (RFC 4180) with times as clocks in London show them. */
void hf_report_json(const struct hf_report *report, struct hf_buf *out);
void hf_report_csv(const struct hf_report *report, struct hf_buf *out);

#endif
