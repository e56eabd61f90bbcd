/* feed_kept.c - feeds and their quality in the store. */
#include "population/io/feed_kept.h"

#include "fhir/json.h"
#include "population/dqmi.h"
#include "population/io/feed_int.h"
#include "record/io/desk.h"

/* ---- quality ---- */

static enum hf_rc
quality_of(struct hf_db *db, int64_t feed, struct hf_arena *arena, struct hf_sv *out,
	   struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_QUALITY_GET,
				    HF_ARGS(HF_INT(feed)), &rows, err);

	*out = (struct hf_sv){NULL, 0};
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		*out = hf_arena_sv(arena, hf_rows_text(&rows, 0));
	return hf_rows_end(&rows, err);
}

struct keep {
	int64_t feed;
	struct hf_sv body;
};

static enum hf_rc
write_quality(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	const struct keep *k = ctx;

	(void)change;
	(void)at;
	return hf_db_exec(db, HF_Q_POPULATION_QUALITY_PUT,
			  HF_ARGS(HF_INT(k->feed), HF_TEXT(k->body)), NULL, err);
}

static enum hf_rc
replaced(struct hf_db *db, int64_t feed, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_FEED_REPLACED,
				    HF_ARGS(HF_INT(feed)), &rows, err);

	*out = 0;
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		*out = hf_rows_int(&rows, 0);
	while (hf_rows_next(&rows))
		continue;
	return hf_rows_end(&rows, err);
}

static int64_t
number(const struct hf_json *d, uint32_t node)
{
	int64_t v = 0;

	return node != HF_JSON_NONE && hf_sv_int(hf_json_raw(d, node), &v) ? v : 0;
}

/* "replaces": the earlier feed, its rows, and the months that differ. */
static void
put_difference(const struct hf_feed_quality *q, int64_t feed, struct hf_sv before,
	       struct hf_arena *arena, struct hf_jw *w, uint64_t *rows)
{
	uint32_t was[HF_QUALITY_MONTHS] = {0};
	struct hf_json d;
	uint32_t months;

	hf_jw_member(w, "replaces");
	hf_jw_obj(w);
	hf_jw_member(w, "feed");
	hf_jw_int(w, feed);
	if (before.n && hf_json_parse(before, NULL, arena, &d, NULL) == HF_OK) {
		*rows = (uint64_t)number(&d, hf_json_member(&d, 0, "taken"));
		hf_jw_member(w, "taken");
		hf_jw_int(w, (int64_t)*rows);
		months = hf_json_member(&d, 0, "months");
		for (uint32_t i = 0; i < hf_json_count(&d, months); i++) {
			uint32_t m = hf_json_at(&d, months, i);
			struct hf_sv name =
			    hf_json_str(&d, hf_json_member(&d, m, "month"), arena);
			struct hf_sv rest = name;
			int64_t y = 0, k = 0;

			if (!hf_sv_int(hf_sv_cut(&rest, '-'), &y) ||
			    !hf_sv_int(rest, &k) || y < 1990 || k < 1 || k > 12 ||
			    (y - 1990) * 12 + k - 1 >= HF_QUALITY_MONTHS)
				continue;
			was[(y - 1990) * 12 + k - 1] =
			    (uint32_t)number(&d, hf_json_member(&d, m, "n"));
		}
	}
	hf_jw_member(w, "months");
	hf_jw_arr(w);
	for (unsigned m = 0; m < HF_QUALITY_MONTHS; m++) {
		char text[16];

		if (was[m] == q->months[m])
			continue;
		snprintf(text, sizeof text, "%04u-%02u", 1990 + m / 12, m % 12 + 1);
		hf_jw_obj(w);
		hf_jw_field(w, "month", hf_sv_from(text));
		hf_jw_member(w, "before");
		hf_jw_int(w, was[m]);
		hf_jw_member(w, "now");
		hf_jw_int(w, q->months[m]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

enum hf_rc
hf_feed_keep(const struct hf_feed_config *config, struct hf_feed_result *out,
	     struct hf_err *err)
{
	struct keep keep = {.feed = out->feed};
	const struct hf_desk_job job = {.actor = config->actor,
					.purpose = config->purpose,
					.what = HF_SV("feed quality"),
					.trace = config->trace,
					.write = write_quality,
					.ctx = &keep,
					.apart = true};
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_buf change = {0};
	struct hf_reader *reader;
	struct hf_sv before = {0};
	uint64_t rows = 0;
	enum hf_rc rc = hf_reader_get(config->store, &reader, err);

	if (rc == HF_OK) {
		rc = replaced(hf_reader_db(reader), out->feed, &out->replaces, err);
		if (rc == HF_OK && out->replaces)
			rc = quality_of(hf_reader_db(reader), out->replaces, &arena,
					&before, err);
		hf_reader_put(reader);
	}
	if (rc == HF_OK && out->replaces) {
		struct hf_jw w = {.out = &change};

		put_difference(&out->quality, out->replaces, before, &arena, &w, &rows);
		out->quality.found[HF_FOUND_resent].n = rows;
	}
	if (rc == HF_OK) {
		hf_feed_quality_write(&out->quality, &out->body);
		if (change.n && out->body.n) { /* as its last member */
			out->body.n--;
			hf_buf_char(&out->body, ',');
			hf_buf_add(&out->body, change.p, change.n);
			hf_buf_char(&out->body, '}');
		}
		keep.body = hf_buf_view(&out->body);
		rc = out->body.failed || change.failed
			 ? hf_fail(err, HF_BUSY, NULL, "out of memory: try again")
			 : hf_store_desk(config->store, &job, err);
	}
	hf_buf_free(&change);
	hf_arena_free(&arena);
	return rc;
}

/* ---- reading ---- */

static void
take(const struct hf_rows *rows, struct hf_arena *arena, struct hf_feed_kept *f)
{
#define INT(name)  hf_rows_int(rows, HF_C_POPULATION_FEEDS_##name)
#define TEXT(name) hf_arena_sv(arena, hf_rows_text(rows, HF_C_POPULATION_FEEDS_##name))
	*f = (struct hf_feed_kept){
	    .id = INT(ID),
	    .replaced_by = INT(REPLACED_BY),
	    .source = TEXT(SOURCE),
	    .kind = TEXT(KIND),
	    .file = TEXT(FILE),
	    .sha = TEXT(SHA),
	    .map = TEXT(MAP),
	    .cut = TEXT(CUT),
	    .from = INT(FROM),
	    .to = INT(TO),
	    .persons = INT(PERSONS),
	    .events = INT(EVENTS),
	    .registrations = INT(REGISTRATIONS),
	    .conditions = INT(CONDITIONS),
	    .values = INT(VALS),
	    .at = INT(AT),
	};
#undef INT
#undef TEXT
}

enum hf_rc
hf_feed_list(struct hf_reader *reader, int64_t after, size_t max,
	     struct hf_arena *arena, struct hf_feed_kept **out, size_t *n,
	     struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(reader);
	struct hf_feed_kept *list = hf_arena_array(arena, max, sizeof *list);
	struct hf_rows rows;
	enum hf_rc rc;

	*n = 0;
	if (!list)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the feeds");
	rc = hf_db_query(db, HF_Q_POPULATION_FEEDS, HF_ARGS(HF_INT(after)), &rows, err);
	if (rc != HF_OK)
		return rc;
	while (*n < max && hf_rows_next(&rows))
		take(&rows, arena, &list[(*n)++]);
	rc = hf_rows_end(&rows, err);
	for (size_t i = 0; i < *n && rc == HF_OK; i++)
		rc = quality_of(db, list[i].id, arena, &list[i].quality, err);
	*out = list;
	return rc;
}

enum hf_rc
hf_feed_get(struct hf_reader *reader, int64_t id, struct hf_arena *arena,
	    struct hf_feed_kept *out, struct hf_err *err)
{
	struct hf_feed_kept *list;
	size_t n;
	enum hf_rc rc = hf_feed_list(reader, id - 1, 1, arena, &list, &n, err);

	if (rc != HF_OK)
		return rc;
	if (n == 0 || list[0].id != id)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no feed %lld",
			       (long long)id);
	*out = list[0];
	return HF_OK;
}

/* ---- as JSON ---- */

static void
put_day(struct hf_jw *w, int64_t day)
{
	struct hf_civil c = hf_civil_from_time((day + HF_POP_DAY_ZERO) * 86400000);
	char text[24];

	snprintf(text, sizeof text, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	hf_jw_str(w, hf_sv_from(text));
}

static void
put_number(struct hf_jw *w, const char *name, int64_t v)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, v);
}

static void
put_brief(struct hf_jw *w, struct hf_sv quality, struct hf_arena *arena)
{
	static const struct hf_sv same[] = {{"score", 5},
					    {"publishable", 11},
					    {"rows", 4},
					    {"taken", 5},
					    {"refused", 7}};
	int64_t by[3] = {0};
	struct hf_json d;
	uint32_t list;

	if (quality.n == 0 || hf_json_parse(quality, NULL, arena, &d, NULL) != HF_OK)
		return;
	for (size_t i = 0; i < HF_COUNT(same); i++) {
		uint32_t node = hf_json_get(&d, 0, same[i]);

		if (node == HF_JSON_NONE)
			continue;
		hf_jw_key(w, same[i]);
		hf_jw_raw(w, hf_json_raw(&d, node));
	}
	list = hf_json_member(&d, 0, "findings");
	for (uint32_t i = 0; i < hf_json_count(&d, list); i++) {
		struct hf_sv s = hf_json_str(
		    &d, hf_json_member(&d, hf_json_at(&d, list, i), "severity"), arena);

		by[hf_sv_is(s, "error") ? 0 : hf_sv_is(s, "warning") ? 1 : 2]++;
	}
	put_number(w, "errors", by[0]);
	put_number(w, "warnings", by[1]);
}

void
hf_feed_write(const struct hf_feed_kept *f, bool brief, struct hf_arena *arena,
	      struct hf_buf *out)
{
	struct hf_jw w = {.out = out};
	char at[32];

	hf_jw_obj(&w);
	put_number(&w, "id", f->id);
	hf_jw_field(&w, "source", f->source);
	hf_jw_field(&w, "kind", f->kind);
	hf_jw_member(&w, "from");
	put_day(&w, f->from);
	hf_jw_member(&w, "to");
	put_day(&w, f->to - 1);
	hf_jw_field(&w, "file", f->file);
	hf_jw_field(&w, "map", f->map);
	if (f->cut.n)
		hf_jw_field(&w, "cut", f->cut);
	hf_jw_field(&w, "received", hf_sv_from(hf_time_format(f->at, at, sizeof at)));
	if (f->replaced_by)
		put_number(&w, "replacedBy", f->replaced_by);
	put_number(&w, "persons", f->persons);
	put_number(&w, "events", f->events);
	put_number(&w, "registrations", f->registrations);
	put_number(&w, "conditions", f->conditions);
	put_number(&w, "values", f->values);
	if (brief) {
		put_brief(&w, f->quality, arena);
	} else if (f->quality.n) {
		hf_jw_member(&w, "quality");
		hf_jw_raw(&w, f->quality);
	}
	hf_jw_obj_end(&w);
}

/* What a feed brings. */
static uint32_t
settings_of(enum hf_feed_kind kind)
{
#define BIT(setting) (UINT32_C(1) << (setting))
	switch (kind) {
	case HF_FEED_REGISTER:
	case HF_FEED_CONDITIONS:
		return HF_POP_HELD_PEOPLE;
	case HF_FEED_SPELLS:
		return BIT(HF_POP_EL) | BIT(HF_POP_DC) | BIT(HF_POP_NE) |
		       BIT(HF_POP_RDA) | BIT(HF_POP_MAT);
	case HF_FEED_AE:
		return BIT(HF_POP_AE);
	case HF_FEED_OUTPATIENTS:
		return BIT(HF_POP_OP);
	case HF_FEED_COMMUNITY:
		return BIT(HF_POP_COM);
	case HF_FEED_UCR:
		return BIT(HF_POP_UCR);
	case HF_FEED_MENTAL_HEALTH:
		return BIT(HF_POP_MH);
	case HF_FEED_SOCIAL_CARE:
		return BIT(HF_POP_ASC);
	case HF_FEED_GP:
		return BIT(HF_POP_GP);
	case HF_FEED_PRESCRIBING:
		return BIT(HF_POP_RX);
	case HF_FEED_DIAGNOSTICS:
		return BIT(HF_POP_DIAG);
	case HF_FEED_VIRTUAL_WARD:
		return BIT(HF_POP_VW);
	case HF_FEED_AMBULANCE:
		return BIT(HF_POP_AMB);
	case HF_FEED_111:
		return BIT(HF_POP_111);
	case HF_FEED_VALUES:
		return HF_POP_HELD_VALUES;
	/* Most write without a name: only those who are known count, and that says no
	 * more of the feed than that. */
	case HF_FEED_COMMENTS:
	case HF_FEED_KINDS:
		break;
	}
#undef BIT
	return 0;
}

static uint16_t
as_day(int64_t day)
{
	return (uint16_t)(day < 0 ? 0 : day > HF_POP_NONE ? HF_POP_NONE : day);
}

enum hf_rc
hf_feed_held_back(struct hf_reader *reader, struct hf_arena *arena,
		  struct hf_pop_held_back **out, size_t *n, struct hf_err *err)
{
	enum { MOST = 4096 };
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader),
				    HF_Q_POPULATION_FEEDS_HELD_BACK, NULL, &rows, err);

	*n = 0;
	if (rc)
		return rc;
	*out = hf_arena_array(arena, MOST, sizeof **out);
	while (*out && hf_rows_next(&rows)) {
#define COLUMN(name) HF_C_POPULATION_FEEDS_HELD_BACK_##name
		struct hf_pop_held_back h = {
		    settings_of(hf_feed_kind_find(hf_rows_text(&rows, COLUMN(KIND)))),
		    as_day(hf_rows_int(&rows, COLUMN(FROM))),
		    as_day(hf_rows_int(&rows, COLUMN(TO)))};
#undef COLUMN

		/* More than there is room for: everything of all days. */
		if (*n == MOST)
			(*out)[0] =
			    (struct hf_pop_held_back){UINT32_MAX, 0, HF_POP_NONE};
		else
			(*out)[(*n)++] = h;
	}
	rc = hf_rows_end(&rows, err);
	return rc || *out ? rc : hf_fail(err, HF_TOO_LONG, NULL, "no memory for feeds");
}

/* ---- all together ---- */

enum { DQMI_FEEDS = 20000 };

enum hf_rc
hf_feed_dqmi(struct hf_reader *reader, const struct hf_pop_framework *f, hf_time now,
	     struct hf_arena *arena, struct hf_buf *out, struct hf_err *err)
{
	struct hf_dqmi *d = HF_NEW(arena, struct hf_dqmi);
	struct hf_jw w = {.out = out};
	struct hf_feed_kept *feeds;
	struct hf_dqmi_feed *count;
	size_t n, kept = 0;
	enum hf_rc rc = hf_feed_list(reader, 0, DQMI_FEEDS, arena, &feeds, &n, err);

	if (rc != HF_OK)
		return rc;
	count = hf_arena_array(arena, n + 1, sizeof *count);
	if (!d || !count)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the quality");
	for (size_t i = 0; i < n; i++)
		if (feeds[i].replaced_by == 0)
			count[kept++] = (struct hf_dqmi_feed){
			    feeds[i].kind, feeds[i].source, feeds[i].quality,
			    (uint16_t)feeds[i].from, (uint16_t)feeds[i].to};
	hf_dqmi_expect(f, d);
	hf_dqmi_reckon(d, count, kept, hf_feed_today(now), arena);
	hf_dqmi_write(d, &w);
	return out->failed
		   ? hf_fail(err, HF_TOO_LONG, NULL, "no memory for the quality")
		   : HF_OK;
}
