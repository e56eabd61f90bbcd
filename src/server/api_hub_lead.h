/* api_hub_lead.h - what the figures of the lead and the referrals behind them share. */
#ifndef HF_SERVER_API_HUB_LEAD_H
#define HF_SERVER_API_HUB_LEAD_H

#include "server/api_hub.h"
#include "server/hub_lead.h"

struct hf_lead_look {
	struct hf_call *call;
	const struct hf_pathway *p;
	const struct hf_locality *localities;
	size_t n_localities;
	struct hf_lead_list list;
	struct hf_jw w;
};

/* For whoever works at the hub: HF_FORBIDDEN for others.  The referrals lie in all. */
enum hf_rc hf_lead_look(struct hf_lead_look *l, struct hf_call *call,
			struct hf_arena *all, struct hf_err *err);
/* The name of a locality; n 0: not known. */
struct hf_sv hf_lead_locality(const struct hf_lead_look *l, struct hf_sv id);
/* Referral i of the list, as far as the caller may see whose it is. */
void hf_lead_put_row(struct hf_lead_look *l, size_t i);

/* The member opel: the level of pressure that the hub goes by. */
enum hf_rc hf_lead_put_opel(struct hf_lead_look *l, struct hf_err *err);

/* Members: a number; a span that is left out below 0; a time that is left out at 0. */
void hf_lead_put_number(struct hf_jw *w, const char *name, int64_t n);
void hf_lead_put_span(struct hf_jw *w, const char *name, int64_t ms);
void hf_lead_put_time(struct hf_jw *w, const char *name, hf_time t);

#endif
