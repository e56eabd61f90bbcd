/* generate_activity.c - activity of an invented place, into a store. */
#include "cli/io/generate_activity.h"

#include <errno.h>
#include <unistd.h>

#include "population/io/key.h"
#include "synth/io/activity_feed.h"

enum { FILE_MOST = 64 << 10 };

static enum hf_rc
read_file(struct hf_gen_activity *o, struct hf_err *err)
{
	static char text[FILE_MOST + 1];
	FILE *f = fopen(o->intervention, "rb");
	size_t n;

	if (!f)
		return hf_fail(err, HF_NOT_FOUND, "--intervention",
			       "it is neither an intervention, as "
			       "locality=Millgate,from-month=19,effect=-2.8%%, nor a "
			       "file that can be read: %s",
			       strerror(errno));
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	if (n > FILE_MOST)
		return hf_fail(err, HF_TOO_LONG, "--intervention",
			       "a file of interventions has at most %d KB",
			       FILE_MOST >> 10);
	return hf_synth_effects_parse((struct hf_sv){text, n}, o->effects,
				      HF_COUNT(o->effects), &o->n_effects, err);
}

enum hf_rc
hf_gen_interventions(struct hf_gen_activity *o, struct hf_err *err)
{
	o->n_effects = 0;
	if (!o->intervention)
		return HF_OK;
	if (!strchr(o->intervention, '='))
		return read_file(o, err);
	o->n_effects = 1;
	return hf_synth_effect_parse(hf_sv_from(o->intervention), &o->effects[0], err);
}

static void
draw(void *ctx, int64_t lives, int64_t of, int64_t events)
{
	hf_cli_bar_draw(ctx, "activity", lives, of, "events", events);
}

static void
print_done(const struct hf_synth_feed_result *r, const struct hf_synth_activity *a)
{
	struct hf_civil from = hf_civil_from_time(
	    ((int64_t)hf_synth_activity_from(a) + HF_POP_DAY_ZERO) * 86400000);
	char l[32], e[32];

	printf("activity since %04d-%02d-%02d: %s events of %s lives in %.1f s, feed "
	       "%lld\n",
	       from.year, from.month, from.day, hf_cli_count(r->events, e, sizeof(e)),
	       hf_cli_count(r->lives, l, sizeof(l)), r->seconds, (long long)r->feed);
}

static enum hf_rc
write_feed(const struct hf_gen_activity *o, const struct hf_synth_activity *a,
	   struct hf_store *store, struct hf_synth_feed_result *r, struct hf_err *err)
{
	struct hf_cli_bar bar;
	struct hf_pop_key key;
	struct hf_synth_feed_config c = {
	    .activity = a,
	    .key = &key,
	    .actor = HF_SV("generate"),
	    .purpose = HF_SV("HTEST"),
	    .threads =
		(int)(o->threads > 0 ? o->threads : sysconf(_SC_NPROCESSORS_ONLN)),
	    .progress = draw,
	    .ctx = &bar,
	};
	enum hf_rc rc = hf_pop_key_read(store, &key, err);

	if (rc == HF_OK)
		rc = hf_pop_store_open(store, &c.store, err);
	if (rc != HF_OK)
		return rc;
	hf_cli_bar_new(&bar);
	rc = hf_synth_feed(&c, r, err);
	hf_cli_bar_end(&bar);
	hf_pop_store_close(c.store);
	return rc;
}

int
hf_gen_activity(const struct hf_command *cmd, const struct hf_gen_activity *o,
		const struct hf_synth_place *place, struct hf_store *store)
{
	struct hf_synth_activity_config c = hf_synth_activity_defaults();
	struct hf_synth_feed_result r = {0};
	struct hf_synth_activity *a;
	struct hf_err err = {0};
	enum hf_rc rc;

	c.years = (int)o->years;
	c.whole = o->whole;
	c.effects = o->effects;
	c.n_effects = o->n_effects;
	if (hf_synth_activity_new(place, &c, &a, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	rc = write_feed(o, a, store, &r, &err);
	if (rc == HF_OK)
		print_done(&r, a);
	hf_synth_activity_free(a);
	return rc == HF_OK ? HF_EXIT_DONE : hf_cli_fail(cmd, &err);
}
