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

/* Where somebody belongs: the locality of their practice, or of their postcode
 * where the locality goes by geography; at a time, by validity periods. */
struct hf_belongs {
	struct hf_sv locality, locality_name; /* Organization ids; n 0: not known */
	struct hf_sv partnership, partnership_name;
	struct hf_sv practice, practice_name;
};
struct hf_geography; /* practices, localities, partnerships, read once */
/* Lies in arena.  HF_TOO_LONG: more organisations than a place has, or no memory. */
enum hf_rc hf_geography_read(struct hf_reader *reader, struct hf_arena *arena,
			     struct hf_geography **out, struct hf_err *err);
/* practice: Organization id; n 0: none.  Who has no practice, or one of no locality,
 * belongs where their postcode is. */
struct hf_belongs hf_geography_of(const struct hf_geography *g, struct hf_sv practice,
				  struct hf_sv postcode, hf_time at);
struct hf_locality {
	struct hf_sv id, name;
	struct hf_sv partnership; /* Organization id, by what partOf says now */
	struct hf_sv polygon; /* GeoJSON Polygon or MultiPolygon of its Location; n 0:
			       * none, or none that is well formed */
};
/* The localities in order of name, then id. */
const struct hf_locality *hf_geography_localities(const struct hf_geography *g,
						  size_t *n);
/* The Organization that is the hub of the place (provider-kind hub), id and name;
 * n 0 when there is none.  Of several, the first by id that is active. */
struct hf_sv hf_geography_hub(const struct hf_geography *g, struct hf_sv *name);
/* How many organisations there are, and the id of one of them; *ods is its ODS code as
 * it stands in the record, n 0 when it has none. */
size_t hf_geography_count(const struct hf_geography *g);
struct hf_sv hf_geography_at(const struct hf_geography *g, size_t i, struct hf_sv *ods);
/* The moments at which something began or ceased to belong to something, in no order
 * and some of them twice: at most so many. */
size_t hf_geography_turns(const struct hf_geography *g, hf_time *out, size_t most);
/* Is this Organization the place itself, or what stands above it? */
bool hf_geography_is_place(const struct hf_geography *g, struct hf_sv org);

#endif
