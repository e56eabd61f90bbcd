/* form_build.h - what a form that was filled in becomes in the record: the response,
 * the observation of its score, the tasks that single items raise.
 * docs/interfaces/forms.md has them member by member. */
#ifndef HF_SERVER_FORM_BUILD_H
#define HF_SERVER_FORM_BUILD_H

#include "pathway/form.h"
#include "server/sharing_write.h"

/* A form and what was answered. */
struct hf_filled {
	const struct hf_qn *form;
	const struct hf_score *score; /* NULL: the form has none */
	struct hf_qn_answers answers;
	struct hf_score_value values[HF_SCORE_ITEMS + HF_SCORE_CHOICES];
	size_t n_values;
	struct hf_score_result result;
	bool scored;	       /* .result holds */
	struct hf_err refused; /* else, with .score: why there is no score */
};

struct hf_form_who {
	struct hf_sv patient; /* id */
	struct hf_sv who;     /* "Practitioner/ID"; n 0: not known */
	hf_time at, now;      /* when it was measured or asked; when it is written */
};

#define HF_FORM_RESPONSE    "urn:uuid:5f0c7a52-3f3e-4b7b-9a0e-0000000f0001"
#define HF_FORM_OBSERVATION "urn:uuid:5f0c7a52-3f3e-4b7b-9a0e-0000000f0002"

/* A QuestionnaireResponse of the items at node of doc, with the texts of the form. */
void hf_form_build_response(struct hf_jw *w, const struct hf_qn *form,
			    const struct hf_form_who *who, const struct hf_json *doc,
			    uint32_t items);
/* The Observation; without a total when something is missing. */
void hf_form_build_observation(struct hf_jw *w, const struct hf_filled *f,
			       const struct hf_form_who *who, struct hf_arena *arena);
/* The Task of the score's raise, due by the end of the day in London. */
void hf_form_build_task(struct hf_jw *w, const struct hf_score_raise *raise,
			const struct hf_form_who *who);
/* "partial: temperature, pulse missing" */
struct hf_sv hf_form_missing_words(const struct hf_filled *f, struct hf_arena *arena);
hf_time hf_form_end_of_day(hf_time now);
/* "subject": {"reference": "Patient/ID"}: type with its slash, or "" when id has it. */
void hf_form_put_reference(struct hf_jw *w, const char *name, const char *type,
			   struct hf_sv id);

#endif
