/* model.h - the linked person-level model: persons, where they are registered, what
 * they have and what happened to them, as rows small enough to keep a place in memory.
 * Pure.  population.md section 1.
 *
 * Nobody is named here: a person is an ordinal and a pseudonym.  Text that repeats
 * (practice, provider, ICD-10, HRG …) is a code: its ordinal in the dictionary of its
 * kind, 0 for "not known". */
#ifndef HF_POPULATION_MODEL_H
#define HF_POPULATION_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

enum {
	HF_POP_PID = 16,	/* bytes of a pseudonym: HMAC-SHA256, cut to 128 bits */
	HF_POP_NONE = 0xffff,	/* a day, minute or wait that is not known */
	HF_POP_DAY_ZERO = 7305, /* 1990-01-01 as days since 1970-01-01: day 0 */
	HF_POP_DX_MOST = 24	/* diagnoses of one event, the first among them */
};

/* What codes there are; each kind counts from 1. */
enum hf_pop_kind {
	HF_POP_PRACTICE,  /* ODS code of a GP practice */
	HF_POP_PROVIDER,  /* ODS code of who gave the care */
	HF_POP_LSOA,	  /* lower layer super output area, 2011 or 2021 */
	HF_POP_SPECIALTY, /* main specialty or treatment function, "300" */
	HF_POP_ICD10,	  /* without the dot, upper case, "I501" */
	HF_POP_PROC,	  /* OPCS-4; of RX the BNF chemical; of DIAG the test */
	HF_POP_HRG,	  /* casemix group or currency, "AA22C" */
	HF_POP_CONDITION, /* what is the case with a person, "efi-falls", "ltc-copd" */
	HF_POP_VALUE,	  /* what was measured, "hb", "na", "fft", "eq5d" */
	HF_POP_KINDS
};

/* Settings of population.md 1.1; the PODs of an admission among them. */
enum hf_pop_setting {
	HF_POP_UNK,
	HF_POP_AE,   /* A&E, all types; the type stands in cls (5: SDEC) */
	HF_POP_EL,   /* ordinary elective */
	HF_POP_DC,   /* day case */
	HF_POP_NE,   /* non-elective, emergency and other */
	HF_POP_RDA,  /* regular attender */
	HF_POP_MAT,  /* maternity and birth */
	HF_POP_OP,   /* outpatient; cls: 1 first, 2 follow-up, 3 procedure, 4 not face
		      * to face, 5 did not attend */
	HF_POP_COM,  /* community contact */
	HF_POP_UCR,  /* urgent community response; wait: minutes to first contact */
	HF_POP_VW,   /* virtual ward stay */
	HF_POP_MH,   /* cls: 1 community, 2 inpatient, 3 crisis liaison */
	HF_POP_ASC,  /* adult social care; cls: 1 assessment, 2 reablement, 3 home care,
		      * 4 residential, 5 nursing, 6 direct payment */
	HF_POP_GP,   /* appointment in general practice */
	HF_POP_RX,   /* item prescribed; proc: BNF chemical */
	HF_POP_DIAG, /* diagnostic test; wait: minutes request to result seen */
	HF_POP_AMB,  /* ambulance conveyance or response */
	HF_POP_111,
	HF_POP_SETTINGS
};

/* Admission methods, in the order of the NHS Data Dictionary: population.md 1.1. */
enum hf_pop_method {
	HF_POP_M_UNKNOWN,
	HF_POP_M_11,
	HF_POP_M_12,
	HF_POP_M_13,
	HF_POP_M_21,
	HF_POP_M_22,
	HF_POP_M_23,
	HF_POP_M_24,
	HF_POP_M_25,
	HF_POP_M_2A,
	HF_POP_M_2B,
	HF_POP_M_2C,
	HF_POP_M_2D,
	HF_POP_M_28,
	HF_POP_M_31,
	HF_POP_M_32,
	HF_POP_M_81,
	HF_POP_M_82,
	HF_POP_M_83,
	HF_POP_M_98,
	HF_POP_M_99,
	HF_POP_METHODS
};

/* Where a stay ended, an A&E attendance led, or a person died. */
enum hf_pop_outcome {
	HF_POP_O_UNKNOWN,
	HF_POP_O_HOME,	    /* usual place of residence */
	HF_POP_O_CARE_HOME, /* a care home */
	HF_POP_O_HOSPITAL,  /* another hospital provider: a transfer */
	HF_POP_O_HOSPICE,
	HF_POP_O_DIED,
	HF_POP_O_ADMITTED,   /* A&E: to a ward of the same provider */
	HF_POP_O_REABLEMENT, /* home or a bed, with reablement or rehabilitation */
	HF_POP_O_LEFT,	     /* before treatment, or against advice */
	HF_POP_O_ELSEWHERE,
	HF_POP_OUTCOMES
};

enum hf_pop_basis { /* population.md 1.3: whose price the cost is */
		    HF_POP_B_NONE,
		    HF_POP_B_TARIFF,
		    HF_POP_B_PLICS,
		    HF_POP_B_REFERENCE,
		    HF_POP_B_LOCAL,
		    HF_POP_B_POOLED
};

enum hf_pop_flag {			/* of an event, bits */
		   HF_POP_F_RECORD = 1, /* derived from the record, not from a feed */
		   HF_POP_F_READY_DELAY =
		       2, /* wait: days from discharge-ready to discharge */
		   HF_POP_F_CONVEYED = 4, /* came by ambulance */
		   HF_POP_F_PLANNED = 8,  /* A&E: planned follow-up */
		   HF_POP_F_BPT = 16,	  /* best-practice criteria met */
		   HF_POP_F_OPEN =
		       32, /* not ended yet: los counts to the data's last day */
		   HF_POP_F_CRISIS = 64, /* mental-health crisis by the mapped list */
		   HF_POP_F_URGENT = 128 /* DIAG, OP: asked for as urgent */
};

/* One event.  Times are of London's clock.  40 bytes: 20 million make a place of a
 * million people over three years, in 800 MB. */
struct hf_pop_event {
	uint32_t person;     /* ordinal, from 0 */
	uint32_t dx_more;    /* further diagnoses: offset into the pool, 0 none */
	int32_t cost;	     /* pence */
	uint16_t day;	     /* of the start, since HF_POP_DAY_ZERO */
	uint16_t minute;     /* of the start's day; HF_POP_NONE: no time known */
	uint16_t los;	     /* nights: day of the end less day of the start */
	uint16_t end_minute; /* of the end's day; HF_POP_NONE */
	uint16_t wait;	     /* see the setting; HF_POP_NONE */
	uint16_t provider, specialty, hrg, dx, proc; /* codes; dx: the primary */
	uint8_t setting, method, cls, flags;
	uint8_t source, outcome; /* admission source (hf_pop_outcome), outcome */
	uint8_t excluded; /* days not of the spell: critical care, rehabilitation,
			   * palliative care (contract 1.2 step 1) */
	uint8_t basis;
};

enum hf_pop_sex {
	HF_POP_SEX_UNKNOWN,
	HF_POP_MALE,
	HF_POP_FEMALE,
	HF_POP_SEX_OTHER,
	HF_POP_SEXES
};

enum hf_pop_person_flag { /* bits */
			  HF_POP_P_CARER = 1,
			  HF_POP_P_HOUSEBOUND = 2,
			  HF_POP_P_CARE_HOME = 4,
			  HF_POP_P_HOMELESS = 8,
			  HF_POP_P_OBJECTS =
			      16, /* opted out of this use: in no list, no figure of
				   * one's own; counted in totals as the law allows */
			  HF_POP_P_UNTRACED =
			      32, /* no valid NHS number: counted, never listed */
			  HF_POP_P_PALLIATIVE = 64, /* on a palliative care register */
			  HF_POP_P_FROM_RECORD = 128
};

struct hf_pop_person {
	uint8_t pid[HF_POP_PID];
	int16_t birth;	     /* months since 1900-01; INT16_MIN: not known */
	uint16_t death_day;  /* HF_POP_NONE: alive */
	uint16_t lsoa;	     /* code */
	uint8_t sex, ethnic; /* ethnic: 'A' … 'S', 'Z' not stated, 0 not known */
	uint8_t imd;	     /* decile, 1 most deprived; 0 not known */
	uint8_t death_place; /* hf_pop_outcome */
	uint8_t flags;
	uint8_t spare;
};

/* Registered at a practice over [from, to); to HF_POP_NONE: still. */
struct hf_pop_registration {
	uint32_t person;
	uint16_t practice, from, to;
};

/* Something a person has: an LTC, a deficit of the frailty index, a circumstance. */
/* Conditions that begin so say on which pathway somebody is, by its id. */
#define HF_POP_PATHWAY_PREFIX "path-"

struct hf_pop_condition {
	uint32_t person;
	uint16_t code, from, to; /* to HF_POP_NONE: not resolved */
};

/* Something measured: a laboratory value, a score, an answer to a survey. */
struct hf_pop_value {
	uint32_t person;
	uint16_t code, day;
	int32_t milli; /* thousandths of the unit of the code */
};

/* Bands of population.md 1.2, and the two that roll up (never summed with them). */
enum hf_pop_band {
	HF_POP_0_4,
	HF_POP_5_17,
	HF_POP_18_64,
	HF_POP_65_74,
	HF_POP_75_84,
	HF_POP_85,
	HF_POP_BANDS,
	HF_POP_AGE_UNKNOWN = 0xff
};

#endif
