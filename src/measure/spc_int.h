/* spc_int.h - within the files of spc.h. */
#ifndef HF_MEASURE_SPC_INT_H
#define HF_MEASURE_SPC_INT_H

#include "measure/spc.h"

/* Sets rules and side of each point of [from, to), one group.  y: what the rules look
 * at; mean and limits of the points are on its scale. */
void hf_ms_spc_rules(struct hf_ms_spc_point *points, size_t from, size_t to,
		     unsigned trend);

#endif
