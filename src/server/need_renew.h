/* need_renew.h - lists of people most in need are made anew once a month
 * (population.md 2.7), in a thread of the server. */
#ifndef HF_SERVER_NEED_RENEW_H
#define HF_SERVER_NEED_RENEW_H

#include "hub/io/hub.h"
#include "server/need_live.h"

struct hf_need_renew;

/* Everything stays the caller's and outlives it.  Looks soon after the start and every
 * half hour. */
enum hf_rc hf_need_renew_start(struct hf_store *store, struct hf_hub *hub,
			       struct hf_need_live *need, struct hf_need_renew **out,
			       struct hf_err *err);
void hf_need_renew_stop(struct hf_need_renew *r); /* NULL is fine */

/* What the thread does, once: of each rule and scope whose newest list is of an earlier
 * month than the data are, another version.  *made: how many.  HF_BUSY while the
 * population is being read. */
enum hf_rc hf_need_renew_once(struct hf_store *store, struct hf_hub *hub,
			      struct hf_need_live *need, hf_time now, size_t *made,
			      struct hf_err *err);

#endif
