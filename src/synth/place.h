/* place.h - inside synth: who and what there is in a place.
 *
 * Built once and then only read.  Everything a unit needs of others (their age,
 * household, practice, names) follows from here and the seed. */
#ifndef HF_SYNTH_PLACE_H
#define HF_SYNTH_PLACE_H

#include "base/nhs.h"
#include "base/rng.h"
#include "synth/synth.h"

enum org_kind {
	ORG_ICB,
	ORG_PLACE,
	ORG_AREA,
	ORG_LOCALITY,
	ORG_PCN,
	ORG_PRACTICE,
	ORG_ACUTE,
	ORG_COMMUNITY,
	ORG_MENTAL,
	ORG_COUNCIL,
	ORG_AMBULANCE,
	ORG_111,
	ORG_HOSPICE,
	ORG_VOLUNTARY,
	ORG_DOMICILIARY,
	ORG_CARE_HOME,
	ORG_PHARMACY,
	ORG_HUB, /* its unit has the standing teams of the localities too */
	ORG_KINDS
};

enum { LOCALITIES = 7, AREAS = 3, MAX_RICH = 16, NO_ORG = -1 };

struct org {
	enum org_kind kind;
	int32_t parent;	  /* index, or NO_ORG */
	int32_t locality; /* 0 … 6, or NO_ORG */
	int32_t staff;	  /* practitioners */
	int32_t list;	  /* registered people or beds */
	char name[56];
	char ods[20];
	char postcode[12];
	char id[37];
};

enum household_kind {
	HOUSE_SINGLE,
	HOUSE_COUPLE,
	HOUSE_FAMILY,
	HOUSE_SHARED,
	HOUSE_CARE_HOME
};

struct household {
	uint32_t first; /* its first person */
	uint8_t n, kind;
	uint16_t practice; /* index among the practices */
	uint16_t home;	   /* index among the care homes */
	uint16_t area;	   /* small area, for deprivation and postcode */
};

enum role {
	ROLE_ADULT,   /* heads the household or lives in it */
	ROLE_PARTNER, /* of the one before */
	ROLE_CHILD
};

struct soul {
	uint32_t household;
	uint32_t nine; /* first nine digits of the NHS number, less 999000000 */
	uint8_t age, role;
	bool female;
};

struct hf_synth_place {
	struct hf_synth_config config;
	struct org *orgs;
	int32_t n_orgs;
	int32_t first[ORG_KINDS], count[ORG_KINDS]; /* orgs by kind stand together */
	struct household *households;
	uint32_t n_households;
	struct soul *people;
	uint32_t n_areas;
	int64_t rich[MAX_RICH]; /* people with very long records */
	int n_rich;
};

/* The id of resource seq of a unit. */
void hf_synth_place_id(const struct hf_synth_place *place, int64_t unit, uint32_t seq,
		       char out[37]);

/* Fills orgs; people are counted out to practices.  False: no memory. */
bool hf_synth_place_build_orgs(struct hf_synth_place *place, struct hf_rng *rng);
/* Fills households and people from the practices' lists.  False: no memory. */
bool hf_synth_place_build_people(struct hf_synth_place *place, struct hf_rng *rng);

/* Fills rich. */
void hf_synth_place_choose_rich(struct hf_synth_place *place);

/* 1 (most deprived) … 10 of a small area. */
int hf_synth_place_decile(const struct hf_synth_place *place, uint32_t area);
/* "WZ3 4AB" of a household or organisation in a small area; buf of 12. */
void hf_synth_place_postcode(const struct hf_synth_place *place, uint32_t area,
			     uint32_t n, char *buf);

static inline const struct org *
place_org(const struct hf_synth_place *p, enum org_kind kind, uint32_t i)
{
	return &p->orgs[p->first[kind] + (int32_t)(i % (uint32_t)p->count[kind])];
}

/* Sequence numbers of what belongs to an organisation. */
enum {
	SEQ_ORG = 0,
	SEQ_SITE = 1,
	SEQ_WARD = 10,	    /* + ward */
	SEQ_SERVICE = 100,  /* + service */
	SEQ_TEAM = 200,	    /* + locality, in the unit of the hub */
	SEQ_DISPATCH = 300, /* + team that can be sent a referral */
	SEQ_STAFF = 1000    /* + 2 * k: Practitioner, + 2 * k + 1: PractitionerRole */
};

#endif
