/* api_comments.c - /api/population/comments: what people wrote, by theme, and for
 * whoever may read it the words.  docs/interfaces/comments.md. */
#include "base/time.h"
#include "population/disclose.h"
#include "population/io/comment_keep.h"
#include "population/theme.h"
#include "server/api.h"
#include "server/outcomes.h"
#include "server/serve.h"

void hf_api_comments(struct hf_call *call);

enum { SHOWN = 100, LEAST = 5 };

struct asked {
	uint16_t from, to;
	struct hf_sv theme;
};

static bool
may_read(const struct hf_call *c)
{
	return c->actor->kind == HF_ACTOR_TRIAL ||
	       (c->actor->kind == HF_ACTOR_PERSON &&
		c->actor->group == HF_GROUP_ANALYST);
}

static enum hf_rc
read_day(struct hf_call *c, const char *name, uint16_t *out, struct hf_err *err)
{
	struct hf_sv text = hf_call_take_param(c, hf_sv_from(name));
	struct hf_date d;
	struct hf_civil day;
	int64_t at;

	if (text.n == 0)
		return HF_OK;
	if (!hf_date_parse(text, false, &d) ||
	    (d.precision != HF_PREC_DAY && d.precision != HF_PREC_MONTH))
		return hf_fail(err, HF_INVALID, name, "\"%s\" is a day, as 2026-04-01",
			       name);
	day = hf_london_civil(d.lo);
	at = hf_days_from_civil(day.year, day.month, day.day) - HF_POP_DAY_ZERO;
	if (at < 0 || at >= HF_POP_NONE)
		return hf_fail(err, HF_INVALID, name, "\"%s\" is a day from 1990 on",
			       name);
	*out = (uint16_t)at;
	return HF_OK;
}

/* What "waiting:bad staff:good" says of a theme. */
static enum hf_pop_said
said_of(struct hf_sv themes, struct hf_sv id)
{
	while (themes.n) {
		struct hf_sv word = hf_sv_cut(&themes, ' '),
			     theme = hf_sv_cut(&word, ':');

		if (!hf_sv_eq(theme, id))
			continue;
		for (int s = HF_POP_GOOD; s <= HF_POP_BAD; s++)
			if (hf_sv_eq(word, hf_sv_from(hf_pop_said_words[s])))
				return (enum hf_pop_said)s;
	}
	return HF_POP_UNSAID;
}

static void
shown(struct hf_jw *w, const char *name, struct hf_pop_shown s)
{
	hf_jw_key(w, hf_sv_from(name));
	if (s.hidden)
		hf_jw_null(w);
	else
		hf_jw_int(w, s.n);
}

static void
write_themes(struct hf_jw *w, const struct hf_pop_themes *t,
	     const struct hf_pop_comment *items, size_t n)
{
	int64_t cells[HF_POP_THEMES * 3] = {0};
	struct hf_pop_shown row[2 * 4]; /* with the totals of columns */

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < t->n; k++) {
			enum hf_pop_said s =
			    said_of(items[i].themes, hf_sv_from(t->items[k].id));

			if (s)
				cells[k * 3 + (size_t)s - 1]++;
		}
	hf_jw_member(w, "themes");
	hf_jw_arr(w);
	for (size_t k = 0; k < t->n; k++) {
		/* A comment has several themes: there is no total over them. */
		hf_pop_show_table(HF_POP_STRICT5, cells + k * 3, 1, 3, row);
		hf_jw_obj(w);
		hf_jw_field(w, "id", hf_sv_from(t->items[k].id));
		hf_jw_field(w, "title", hf_sv_from(t->items[k].title));
		for (size_t s = 0; s < 3; s++)
			shown(w, hf_pop_said_words[s + 1], row[s]);
		shown(w, "n", row[3]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* A month is as near as the day is told. */
static void
write_comment(struct hf_call *c, struct hf_jw *w, const struct hf_pop_comment *k)
{
	struct hf_civil day =
	    hf_civil_from_time(((int64_t)k->day + HF_POP_DAY_ZERO) * 86400000);
	struct hf_sv themes = k->themes;

	hf_jw_obj(w);
	hf_jw_field(w, "month",
		    hf_arena_printf(c->arena, "%04d-%02d", (int)day.year, day.month));
	hf_jw_field(w, "asked", k->asked);
	hf_jw_field(w, "service", k->service);
	hf_jw_key(w, HF_SV("mayQuote"));
	hf_jw_bool(w, k->quote);
	hf_jw_field(w, "text", k->body);
	hf_jw_member(w, "themes");
	hf_jw_arr(w);
	while (themes.n)
		hf_jw_str(w, hf_sv_cut(&themes, ' '));
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

/* Words of so few are not shown even to who may read: they could be told apart. */
static void
write_comments(struct hf_call *c, struct hf_jw *w, const struct asked *a,
	       const struct hf_pop_comment *items, size_t n)
{
	size_t fit = 0, put = 0;

	for (size_t i = 0; i < n; i++)
		fit += a->theme.n == 0 || said_of(items[i].themes, a->theme);
	hf_jw_member(w, "comments");
	hf_jw_arr(w);
	for (size_t i = 0; i < n && put < SHOWN && fit >= LEAST && may_read(c); i++)
		if (a->theme.n == 0 || said_of(items[i].themes, a->theme)) {
			write_comment(c, w, &items[i]);
			put++;
		}
	hf_jw_arr_end(w);
	c->audit_hits = (int64_t)put;
}

static enum hf_rc
load_themes(struct hf_call *c, struct hf_pop_themes *t, struct hf_err *err)
{
	struct hf_issues issues = {.arena = c->arena};

	return hf_pop_themes_load(hf_themes_builtin[0].name, hf_themes_builtin[0].text,
				  c->arena, &issues, t)
		   ? HF_OK
		   : hf_fail(err, HF_FAULT, NULL, "the lists of themes are wrong");
}

static enum hf_rc
check_theme(const struct hf_pop_themes *t, struct hf_sv theme, struct hf_err *err)
{
	for (size_t i = 0; i < t->n; i++)
		if (hf_sv_eq(theme, hf_sv_from(t->items[i].id)))
			return HF_OK;
	return theme.n ? hf_fail(err, HF_NOT_FOUND, "theme", "there is no such theme")
		       : HF_OK;
}

void
hf_api_comments(struct hf_call *c)
{
	struct asked a = {.to = HF_POP_NONE - 1,
			  .theme = hf_call_take_param(c, HF_SV("theme"))};
	struct hf_pop_comment *items = NULL;
	struct hf_pop_themes themes;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;
	enum hf_rc rc = read_day(c, "from", &a.from, &err);

	if (rc == HF_OK)
		rc = read_day(c, "to", &a.to, &err);
	if (rc == HF_OK && !hf_api_no_params(c))
		return;
	if (rc == HF_OK)
		rc = load_themes(c, &themes, &err);
	if (rc == HF_OK)
		rc = check_theme(&themes, a.theme, &err);
	if (rc == HF_OK)
		rc = hf_pop_comments_read(c->reader, a.from, a.to, c->arena, &items, &n,
					  &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "scheme");
	hf_jw_obj(&w);
	hf_jw_field(&w, "id", hf_sv_from(themes.id));
	hf_jw_field(&w, "version", hf_sv_from(themes.version));
	hf_jw_field(&w, "title", hf_sv_from(themes.title));
	hf_jw_field(&w, "source", hf_sv_from(themes.source));
	hf_jw_obj_end(&w);
	shown(&w, "n", hf_pop_show(HF_POP_STRICT5, (int64_t)n));
	hf_jw_key(&w, HF_SV("mayRead"));
	hf_jw_bool(&w, may_read(c));
	write_themes(&w, &themes, items, n);
	write_comments(c, &w, &a, items, n);
	hf_api_end(c);
}
