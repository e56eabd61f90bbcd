/* opel.h - the level of pressure as the hub records it: what was given and
 * what was measured, with their scores, and who set another level and why.  Pure.
 *
 * A record is an Observation about the hub: code opel|level, focus its Organization
 * (R4 knows no Organization as a subject), a component for each value.  A parameter is
 * named PILLAR/PARAMETER by the ids of the document. */
#ifndef HF_HUB_OPEL_H
#define HF_HUB_OPEL_H

#include "base/arena.h"
#include "base/issue.h"
#include "fhir/json.h"
#include "place/opel.h"

enum {
	HF_OPEL_GIVEN_MS = 24 * 3600000, /* a value that was given counts so long */
	HF_OPEL_VALUES = HF_OPEL_PILLARS * HF_OPEL_PARAMETERS,
	HF_OPEL_REASON = 500 /* characters */
};

struct hf_opel_input {
	bool known;
	bool given; /* by somebody; else the hub measured it */
	struct hf_decimal value;
	int score;
	hf_time at;	 /* when it was given or measured */
	struct hf_sv by; /* name of whoever gave it */
};

struct hf_opel_state {
	hf_time at;   /* of the record; 0: there is none yet */
	int level;    /* that counts: 1 … 4; 0: too little is known */
	int computed; /* of the values alone */
	struct {
		int level; /* 0: nobody set another one */
		hf_time at;
		struct hf_sv by, who; /* name; "Practitioner/ID", n 0: none */
		struct hf_sv reason;
	} set;
	struct {
		int level, known; /* as in struct hf_opel_result */
	} pillars[HF_OPEL_PILLARS];
	struct hf_opel_input inputs[HF_OPEL_PILLARS][HF_OPEL_PARAMETERS];
};

/* What somebody says. */
struct hf_opel_said {
	struct {
		uint8_t pillar, parameter; /* indexes */
		bool none;		   /* takes back what was given */
		struct hf_decimal value;
	} values[HF_OPEL_VALUES];
	size_t n;
	bool sets; /* another level, or none any more */
	int level; /* 1 … 4; 0: the computed one counts again */
	struct hf_sv reason;
};
/* Reads {"inputs":{"PILLAR/PARAMETER":number or null},"override":{"level","reason"} or
 * null}.  HF_INVALID names what is wrong, also that nothing is said.  Views lie in doc
 * or arena. */
enum hf_rc hf_opel_said_read(const struct hf_opel *opel, const struct hf_json *doc,
			     struct hf_arena *arena, struct hf_opel_said *out,
			     struct hf_err *err);

/* Takes what was said by somebody; texts are views of theirs. */
void hf_opel_state_say(struct hf_opel_state *s, const struct hf_opel_said *said,
		       struct hf_sv name, struct hf_sv who, hf_time at);
/* Works the level out anew: values that were given 24 hours ago no longer count, what
 * was measured fills in what nobody gave. */
void hf_opel_state_settle(struct hf_opel_state *s, const struct hf_opel *opel,
			  const struct hf_opel_value *measured, size_t n, hf_time now);
/* A copy whose texts lie in arena; false without memory. */
bool hf_opel_state_copy(const struct hf_opel_state *from, struct hf_arena *arena,
			struct hf_opel_state *to);

/* The Observation of a state; hub: "Organization/ID"; who: "Practitioner/ID" of whoever
 * gave something now, n 0: the hub itself. */
void hf_opel_write(const struct hf_opel *opel, const struct hf_opel_state *s,
		   struct hf_sv hub, struct hf_sv hub_name, struct hf_sv who,
		   struct hf_sv who_name, struct hf_buf *out);
/* Reads it back; parameters that the document no longer has are left out.  Texts lie in
 * doc or arena.  HF_INVALID when it is no such Observation. */
enum hf_rc hf_opel_read(const struct hf_opel *opel, const struct hf_json *doc,
			struct hf_arena *arena, struct hf_opel_state *out,
			struct hf_err *err);

#endif
