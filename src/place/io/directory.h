/* io/directory.h - teams, localities and areas out of the record. */
#ifndef HF_PLACE_IO_DIRECTORY_H
#define HF_PLACE_IO_DIRECTORY_H

#include "place/directory.h"
#include "record/io/store.h"

/* Reads every HealthcareService that can be sent a referral, in order of id.  What
 * cannot be read in one of them is left out of it and said in issues (NULL is fine).
 * All lies in arena. */
struct hf_issues;
enum hf_rc hf_directory_read(struct hf_reader *reader, struct hf_arena *arena,
			     struct hf_issues *issues, struct hf_directory *out,
			     struct hf_err *err);

/* Where somebody belongs: the locality of their practice, or of their
 * postcode where the locality goes by geography; at a time, by validity periods. */
struct hf_belongs {
	struct hf_sv locality, locality_name;	    /* Organization ids; n 0: not known */
	struct hf_sv partnership, partnership_name;
	struct hf_sv practice, practice_name;
};
struct hf_geography; /* practices, localities, partnerships, read once */
enum hf_rc hf_geography_read(struct hf_reader *reader, struct hf_arena *arena,
			     struct hf_geography **out, struct hf_err *err);
/* practice: Organization id; n 0: none. */
struct hf_belongs hf_geography_of(const struct hf_geography *g, struct hf_sv practice,
				  struct hf_sv postcode, hf_time at);
struct hf_locality {
	struct hf_sv id, name, partnership;
	struct hf_sv polygon; /* GeoJSON geometry of its Location; n 0: none */
};
/* The localities in order of name. */
const struct hf_locality *hf_geography_localities(const struct hf_geography *g, size_t *n);
/* The Organization that is the hub of the place (provider-kind hub), id and name;
 * n 0 when there is none. */
struct hf_sv hf_geography_hub(const struct hf_geography *g, struct hf_sv *name);

#endif
