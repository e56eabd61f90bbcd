/* hub_json.h - referrals as the pages get them (docs/interfaces/hub.md). */
#ifndef HF_SERVER_HUB_JSON_H
#define HF_SERVER_HUB_JSON_H

#include "fhir/json.h"
#include "hub/io/hub.h"

/* A Row, as a value.  now is for the age. */
void hf_hub_json_row(struct hf_jw *w, const struct hf_pathway *p,
		     const struct hf_hub_row *row, hf_time now);

/* A Clock, as a value. */
void hf_hub_json_clock(struct hf_jw *w, const struct hf_pathway *p,
		       const struct hf_hub_clock *c);

/* "suggested", as a member, with its reasons; nothing when nothing can be said. */
void hf_hub_json_suggested(struct hf_jw *w, const struct hf_intake_urgency *s);

enum hf_hub_view {
	HF_VIEW_TRIAGE,
	HF_VIEW_DISPATCH,
	HF_VIEW_TEAM,
	HF_VIEW_OPEN,
	HF_HUB_VIEWS
};
/* -1: there is no such view. */
int hf_hub_view_find(struct hf_sv name);
const char *hf_hub_view_name(enum hf_hub_view view);
/* Does the row stand in a view?  team: of HF_VIEW_TEAM, its id. */
bool hf_hub_view_has(const struct hf_pathway *p, enum hf_hub_view view,
		     struct hf_sv team, const struct hf_hub_row *row);
/* May somebody of this organisation look at it at all, by whose it is?  What they see
 * of the person is decided besides. */
bool hf_hub_is_of(const struct hf_hub_row *row, struct hf_sv ods);

#endif
