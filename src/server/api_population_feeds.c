/* api_population_feeds.c - which feeds of activity were received and how good they are.
 * Counts, lines and codes: nothing about a person. */
#include "base/io/clock.h"
#include "population/io/feed_kept.h"
#include "population/io/record.h"
#include "server/api.h"
#include "server/outcomes.h"
#include "server/serve.h"

void hf_api_population_feeds(struct hf_call *call);
void hf_api_population_feed(struct hf_call *call);

enum { FEEDS_SHOWN = 1000 };

static int64_t
number_of(struct hf_sv text)
{
	int64_t v;

	return text.n && hf_sv_int(text, &v) && v > 0 ? v : 0;
}

void
hf_api_population_feeds(struct hf_call *c)
{
	struct hf_sv after = hf_call_take_param(c, HF_SV("after"));
	struct hf_feed_kept *feeds;
	struct hf_err err;
	int64_t people = 0;
	hf_time at = 0;
	struct hf_jw w;
	char text[32];
	size_t n;

	if (!hf_api_no_params(c))
		return;
	if (after.n && number_of(after) == 0) {
		hf_fail(&err, HF_INVALID, "after", "after is the number of a feed");
		hf_api_fail(c, &err);
		return;
	}
	if (hf_feed_list(c->reader, number_of(after), FEEDS_SHOWN, c->arena, &feeds, &n,
			 &err) != HF_OK ||
	    hf_pop_record_state(c->reader, &people, &at, &err) != HF_OK) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "items");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		if (i)
			hf_buf_char(w.out, ',');
		hf_feed_write(&feeds[i], true, c->arena, w.out);
	}
	w.comma = n != 0;
	hf_jw_arr_end(&w);
	if (n == FEEDS_SHOWN) {
		hf_jw_member(&w, "next");
		hf_jw_int(&w, feeds[n - 1].id);
	}
	if (after.n == 0) {
		hf_jw_member(&w, "dqmi");
		if (hf_feed_dqmi(c->reader, hf_outcomes_framework(c->server->outcomes),
				 hf_now(), c->arena, w.out, NULL) != HF_OK)
			hf_jw_null(&w);
		w.comma = true;
	}
	/* What the record says itself stands beside what was received. */
	hf_jw_member(&w, "record");
	hf_jw_obj(&w);
	hf_jw_member(&w, "people");
	hf_jw_int(&w, people);
	if (at)
		hf_jw_field(&w, "changed",
			    hf_sv_from(hf_time_format(at, text, sizeof text)));
	hf_jw_obj_end(&w);
	hf_api_end(c);
}

void
hf_api_population_feed(struct hf_call *c)
{
	int64_t id = number_of(c->arg[0]);
	struct hf_feed_kept feed;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc = id ? hf_feed_get(c->reader, id, c->arena, &feed, &err)
		: hf_fail(&err, HF_NOT_FOUND, NULL, "there is no such feed");
	if (rc != HF_OK) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "feed");
	hf_feed_write(&feed, false, c->arena, w.out);
	w.comma = true;
	hf_api_end(c);
}
