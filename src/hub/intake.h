/* intake.h - what is asked of the hub: the minimum data set of a referral (section
 * 2.2), what of it is missing, and how urgent it looks.  Pure.
 *
 * Texts are as they were given; what is not known has n 0 (or is below 0).  An intake
 * comes from a page, a message or the telephone, and is the same from there on. */
#ifndef HF_HUB_INTAKE_H
#define HF_HUB_INTAKE_H

#include "base/issue.h"
#include "base/nhs.h"
#include "base/time.h"
#include "fhir/json.h"
#include "pathway/score.h"

enum { HF_INTAKE_TEXT = 4000, HF_INTAKE_FLAGS = 16 };

struct hf_intake_flag {
	struct hf_sv category; /* SG, SS, RS, RA, IR, RC, RT, AC, API, CW */
	struct hf_sv text;
};

struct hf_intake {
	struct {
		struct hf_sv id; /* of a Patient that is there; n 0: somebody new */
		struct hf_sv family, given, born, sex, phone, address, postcode;
		struct hf_sv nhs;	       /* ten digits */
		struct hf_sv nhs_status;       /* 01 … 08 */
		struct hf_sv ethnic, practice; /* practice: ODS code */
		bool unknown;		       /* nobody knows who it is */
	} person;
	struct hf_sv channel; /* page, phone, message */
	struct hf_sv source;  /* code of sources */
	struct {
		struct hf_sv org /* ODS code */, name, role, phone;
	} referrer;
	struct hf_sv decided; /* date and time, as FHIR has it */
	struct hf_sv service; /* id of what is asked for */
	struct hf_sv asked;   /* U0 … U6, A0 */
	struct hf_sv expectation, problem, problem_code; /* SNOMED CT */
	struct hf_sv condition;				 /* group of section 2.4 */
	struct hf_sv onset, tried, location;
	/* NEWS2 as it came: values by item of definitions/scores/news2.json */
	struct hf_score_value news2[12];
	size_t n_news2;
	struct hf_sv news2_at;
	int cfs; /* 1 … 9; below 0: not known */
	struct hf_sv history, medicines, allergies, infection;
	struct hf_sv safeguarding; /* said; "none" is a value */
	struct hf_sv scene;	   /* S, U, UNK */
	struct hf_sv lone_worker, access;
	int alone; /* 1, 0, below 0: not known */
	int consent_refer, consent_share;
	struct hf_sv capacity, respect, adjustments, language, support;
	int interpreter_needed;			      /* 1, 0, below 0: not known */
	struct hf_intake_flag flags[HF_INTAKE_FLAGS]; /* others, of messages */
	size_t n_flags;
	struct hf_sv cdss; /* outcome of 111 or 999 */
	hf_time breach;	   /* set by the sender (occurrencePeriod.end); 0: none */
	/* Of a message: what names the request for its sender (system|value, or a
	 * UUID), for update and delete; the message and the version of the request it
	 * is. */
	struct hf_sv foreign, message, version;
	struct hf_sv latitude, longitude, uprn; /* of location; decimals as they came */
};

/* Reads the object of docs/interfaces/hub.md.  HF_INVALID with findings by element in
 * issues: members that are none, codes that are none, impossible values, texts beyond
 * HF_INTAKE_TEXT.  That items are missing is no failure here. */
enum hf_rc hf_intake_read(const struct hf_json *doc, uint32_t node,
			  struct hf_arena *arena, struct hf_issues *issues,
			  struct hf_intake *out, struct hf_err *err);

/* What was said, from the QuestionnaireResponse that keeps it (hf_build_answers());
 * what it does not have is not known.  Views are of doc or in arena. */
void hf_intake_from_answers(const struct hf_json *doc, struct hf_arena *arena,
			    struct hf_intake *out);

/* Is there anything in it?  "None" is an answer, and says that there is nothing. */
bool hf_intake_said(struct hf_sv text);
/* Does it say anything that the person's own view must not show: safeguarding? */
bool hf_intake_withheld(const struct hf_intake *in);

struct hf_intake_gap {
	const char *item, *text; /* "phone", "Telephone number of the person" */
	bool mandatory;		 /* M; else required if known */
};
enum { HF_INTAKE_GAPS = 48 };
/* What is not there; gives how many.  age in years, below 0: not known. */
size_t hf_intake_gaps(const struct hf_intake *in, int age,
		      struct hf_intake_gap gaps[HF_INTAKE_GAPS]);

/* How urgent it looks (sections 2.3, 2.4): "U1" and the reasons, "" when nothing can
 * be said.  A suggestion: a person decides. */
struct hf_intake_urgency {
	const char *urgency;
	const char *reasons[8];
	size_t n;
};
void hf_intake_suggest(const struct hf_intake *in, const struct hf_score *news2,
		       int age, struct hf_intake_urgency *out);

/* NEWS2 of the values that came: HF_OK with *total -1 when it is partial. */
enum hf_rc hf_intake_news2(const struct hf_intake *in, const struct hf_score *news2,
			   int age, int *total, struct hf_err *err);

#endif
