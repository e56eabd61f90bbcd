/* demo.h - the users of the demonstration: one for each kind of role. */
#ifndef HF_SERVER_DEMO_H
#define HF_SERVER_DEMO_H

#include "base/base.h"

/* What the user with this login may see, in a sentence for the sign-in page; "" when
 * it is none of demo.def. */
struct hf_sv hf_demo_sees(struct hf_sv login);

/* Where it stands among the others: those whom a visitor tries first come first. */
size_t hf_demo_rank(struct hf_sv login);

#endif
