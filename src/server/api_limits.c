/* api_limits.c - see api_limits.h. */
#include "server/api_limits.h"

#include "record/io/glass.h"

/* The kinds of content that a record has. */
static const uint64_t of_record =
    HF_BIT(HF_CONTENT_DEMOGRAPHIC) | HF_BIT(HF_CONTENT_CONTACT) |
    HF_BIT(HF_CONTENT_APPOINTMENT) | HF_BIT(HF_CONTENT_LETTER) |
    HF_BIT(HF_CONTENT_TASK) | HF_BIT(HF_CONTENT_PLAN) | HF_BIT(HF_CONTENT_ALERT) |
    HF_BIT(HF_CONTENT_MEDICINE) | HF_BIT(HF_CONTENT_PROBLEM) |
    HF_BIT(HF_CONTENT_SOCIAL) | HF_BIT(HF_CONTENT_CLINICAL);

enum hf_rc
hf_api_limits_of(struct hf_call *c, hf_rid rid, struct hf_api_limits *out,
		 struct hf_err *err)
{
	uint64_t shown;
	enum hf_rc rc;

	*out = (struct hf_api_limits){0};
	if (!hf_reader_is_viewed(c->reader))
		return HF_OK;
	rc = hf_viewer_person(c->reader, HF_RID_SHELF(rid), &out->person, err);
	if (rc)
		return rc;
	shown = out->person.contents;
	/* Of plans and medicines care workers have today's. */
	if (shown & HF_BIT(HF_CONTENT_TODAY))
		shown |= HF_BIT(HF_CONTENT_PLAN);
	if (shown & HF_BIT(HF_CONTENT_DOSE))
		shown |= HF_BIT(HF_CONTENT_MEDICINE);
	out->not_shown = of_record & ~shown;
	out->restricted = of_record & c->seen.masked & ~out->not_shown;
	return HF_OK;
}

static void
write_contents(struct hf_jw *w, const char *name, uint64_t set)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (int k = 1; k < HF_CONTENTS; k++) {
		const char *word = hf_word(HF_WORDS_CONTENT, k);
		char lower[32];
		size_t n = 0;

		if (!(set & HF_BIT(k)))
			continue;
		for (; n < sizeof lower && word[n]; n++)
			lower[n] = (char)(word[n] | 0x20);
		hf_jw_str(w, (struct hf_sv){lower, n});
	}
	hf_jw_arr_end(w);
}

void
hf_api_limits_write(struct hf_jw *w, const struct hf_api_limits *l)
{
	const struct hf_glass *g = &l->person.broken;
	char text[32];

	write_contents(w, "restricted", l->restricted);
	write_contents(w, "notShown", l->not_shown);
	if (g->reason == HF_REASON_NONE)
		return;
	hf_jw_member(w, "glass");
	hf_jw_obj(w);
	hf_jw_field(w, "reason", hf_sv_from(hf_word(HF_WORDS_REASON, (int)g->reason)));
	hf_jw_field(w, "reasonText",
		    hf_sv_from(hf_word_text(HF_WORDS_REASON, (int)g->reason)));
	hf_jw_field(w, "at", hf_sv_from(hf_time_format(g->at, text, sizeof text)));
	if (l->person.until)
		hf_jw_field(
		    w, "until",
		    hf_sv_from(hf_time_format(l->person.until, text, sizeof text)));
	hf_jw_obj_end(w);
}

static void
write_reasons(struct hf_jw *w, uint64_t reasons)
{
	hf_jw_member(w, "reasons");
	hf_jw_arr(w);
	for (int k = 1; k < HF_REASONS; k++) {
		if (!(reasons & HF_BIT(k)))
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(hf_word(HF_WORDS_REASON, k)));
		hf_jw_field(w, "text", hf_sv_from(hf_word_text(HF_WORDS_REASON, k)));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_not_opened(struct hf_call *c, const struct hf_err *err)
{
	struct hf_viewer_person p;
	struct hf_err why;
	struct hf_jw w;

	if (err->rc != HF_NOT_FOUND || !hf_reader_is_viewed(c->reader) ||
	    hf_viewer_stranger(c->reader, &p, &why) != HF_OK || !p.glass) {
		hf_api_fail(c, err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "error");
	hf_jw_obj(&w);
	hf_jw_field(&w, "code", HF_SV("glass"));
	hf_jw_field(&w, "text",
		    HF_SV("If there is such a person, you have no relationship with "
			  "them that opens their record. Ask their practice or care "
			  "team to refer them to you, or break the glass with a "
			  "reason."));
	hf_jw_obj_end(&w);
	hf_jw_member(&w, "glass");
	hf_jw_obj(&w);
	write_reasons(&w, p.reasons);
	hf_api_number(&w, "minutes", HF_GLASS_MINUTES);
	hf_jw_obj_end(&w);
	hf_jw_obj_end(&w);
	hf_call_reply(c, 403, "application/json; charset=utf-8",
		      hf_buf_view(hf_req_buf(c->req)));
}
