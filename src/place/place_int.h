/* place_int.h - shared by the files of this room. */
#ifndef HF_PLACE_PLACE_INT_H
#define HF_PLACE_PLACE_INT_H

#include "place/directory.h"

enum { HF_SLOT_DAYS = 7 }; /* how far a free slot is looked for */

/* The part of the day at minute of weekday, or the next that day, with slots; NULL when
 * there is none. */
const struct hf_day_part *hf_team_part(const struct hf_team *team, int weekday,
				       int minute);
/* What is free of the part when committed slots are taken. */
struct hf_capacity hf_part_capacity(const struct hf_team *team,
				    const struct hf_day_part *part, int weekday,
				    int committed, bool urgent, int opel);

#endif
