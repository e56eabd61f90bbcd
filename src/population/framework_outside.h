/* framework_outside.h - a MeasureReport that somebody else sent, as figures to be shown
 * beside ours.  Pure. */
#ifndef HF_POPULATION_FRAMEWORK_OUTSIDE_H
#define HF_POPULATION_FRAMEWORK_OUTSIDE_H

#include "fhir/json.h"
#include "measure/rate.h"

struct hf_pop_outside_figure {
	struct hf_sv name; /* of a stratum; n 0: the whole */
	double n, of;	   /* NAN: not said, or too small to be shown */
	struct hf_ms_interval value, standard;
	bool hidden; /* 1 to 4, or masked by who sent it: no figure */
};

struct hf_pop_outside {
	struct hf_sv measure;  /* id, as the last part of the address says */
	struct hf_sv version;  /* n 0: not said */
	struct hf_sv source;   /* who reports: name, identifier, or whose address */
	struct hf_sv from, to; /* first and last day, as it came */
	struct hf_sv unit, by;
	struct hf_pop_outside_figure whole;
	const struct hf_pop_outside_figure *strata;
	size_t n_strata;
};

enum { HF_POP_OUTSIDE_STRATA = 200 };

/* Reads the first group of the report in doc, which was checked when it came in; texts
 * lie in arena or in what doc points into.  False: it names no measure, or arena is
 * full. */
bool hf_pop_outside_read(const struct hf_json *doc, struct hf_arena *arena,
			 struct hf_pop_outside *out);
void hf_pop_outside_json(const struct hf_pop_outside_figure *f, struct hf_jw *w);

#endif
