/* activity.h - one thing done that has a price: an admitted spell, an outpatient
 * attendance, an A&E attendance, an unbundled item or a medicine at cost.  Pure values;
 * contract-and-governance.md 1.2 and 1.5.
 *
 * No person is in it: id is a local number of the row, and by it a line is asked for.
 * Whoever has activity of another shape (the population, a CSV file) makes these rows.
 */
#ifndef HF_CONTRACT_ACTIVITY_H
#define HF_CONTRACT_ACTIVITY_H

#include "contract/code.h"
#include "contract/money.h"

enum hf_ct_act {
	HF_CT_ACT_SPELL,
	HF_CT_ACT_OUTPATIENT,
	HF_CT_ACT_AE,
	HF_CT_ACT_UNBUNDLED,
	HF_CT_ACT_DRUG,
	HF_CT_ACTS
};

enum hf_ct_method {
#define HF_CT_METHOD(name, code, kind, text) HF_CT_M_##name,
#include "contract/method.def"
#undef HF_CT_METHOD
	HF_CT_METHODS
};

enum hf_ct_method_kind {
	HF_CT_MK_UNKNOWN,
	HF_CT_MK_ELECTIVE,
	HF_CT_MK_EMERGENCY,
	HF_CT_MK_OTHER
};

enum hf_ct_op { /* cls of an outpatient row, as in the population */
		HF_CT_OP_FIRST = 1,
		HF_CT_OP_FOLLOW_UP,
		HF_CT_OP_PROCEDURE,
		HF_CT_OP_NOT_FACE,
		HF_CT_OP_DNA
};

enum { /* bits of specialised */
#define HF_CT_SPECIAL(name, bit, code, text) HF_CT_SP_##name = 1 << (bit),
#include "contract/special.def"
#undef HF_CT_SPECIAL
       HF_CT_SPECIALS = 8
};

enum hf_ct_flag {
	HF_CT_F_BPT_SUS = 1,   /* best practice met, told by the national feed */
	HF_CT_F_BPT_LOCAL = 2, /* likewise, told by a local best-practice database */
	HF_CT_F_PROCEDURE = 4, /* the HRG came from a procedure, not a diagnosis */
	HF_CT_F_OPEN = 8,      /* the stay has not ended */
	HF_CT_F_MULTI = 16,    /* outpatient: several professionals */
	HF_CT_F_INTERNAL = 32, /* outpatient: referred by another consultant here */
	HF_CT_F_NOT_CONSULTANT = 64, /* outpatient: not led by a consultant, unbooked */
	HF_CT_F_PLANNED = 128,	     /* A&E: a planned follow-up */
	HF_CT_F_DENTAL = 256,
	HF_CT_F_DEAD = 512,	    /* A&E: dead on arrival */
	HF_CT_F_READM_EL = 1024,    /* emergency readmission within 30 days of an
				     * elective stay, none of the exclusions */
	HF_CT_F_READM_OTHER = 2048, /* likewise after another stay */
	HF_CT_F_KNOWN = 4095
};

enum { HF_CT_NOT_KNOWN = 0xff }; /* age, investigation, treatment */

struct hf_ct_activity {
	uint64_t id;
	hf_ct_code hrg;		 /* of a medicine its code on the national list */
	hf_ct_code provider;	 /* ODS code of who gave the care */
	hf_ct_code specialty;	 /* treatment function, "300" */
	hf_ct_code commissioner; /* who answers for the person that day; 0 not known */
	hf_pence cost;		 /* HF_CT_ACT_DRUG: what it cost, all of quantity */
	int32_t day;	  /* discharge or attendance, days since 1970 in London */
	int32_t admitted; /* HF_CT_ACT_SPELL: likewise */
	int32_t
	    quantity; /* HF_CT_ACT_UNBUNDLED, HF_CT_ACT_DRUG: items or days; else 1 */
	int16_t critical, rehab, palliative; /* days of the stay that are not its own */
	int16_t other;	 /* likewise, of a feed that gives only their sum */
	int16_t delayed; /* days after being ready to go home (1.2 step 1) */
	uint16_t flags;	 /* enum hf_ct_flag */
	uint8_t kind, method, age;
	uint8_t cls; /* spell: patient classification 1 … 5; outpatient: enum hf_ct_op;
		      * A&E: type of department 1 … 5 */
	uint8_t specialised;		  /* HF_CT_SP_ bits */
	uint8_t investigation, treatment; /* A&E: highest category, 0 none */
	uint8_t spare;
};

enum hf_ct_method_kind hf_ct_method_kind(uint8_t method);
/* "21"; "" for none. */
const char *hf_ct_method_code(uint8_t method);
const char *hf_ct_method_text(uint8_t method);
bool hf_ct_method_parse(struct hf_sv text, uint8_t *out);

#endif
