/* hub_json.c - referrals as the pages get them. */
#include "server/hub_json.h"

#include "hub/words.h"

static void
text(struct hf_jw *w, const char *name, struct hf_sv value)
{
	if (value.n)
		hf_jw_kv(w, hf_sv_from(name), value);
}

static void
number(struct hf_jw *w, const char *name, int64_t n)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, n);
}

static void
when(struct hf_jw *w, const char *name, hf_time at)
{
	char buf[32];

	if (at != 0 && at != HF_TIME_MAX)
		hf_jw_kv(w, hf_sv_from(name),
			 hf_sv_from(hf_time_format(at, buf, sizeof buf)));
}

static void
flag(struct hf_jw *w, const char *name, bool on)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_bool(w, on);
}

static void
put_person(struct hf_jw *w, const struct hf_hub_row *row, hf_time now)
{
	struct hf_date born;

	hf_jw_member(w, "person");
	hf_jw_obj(w);
	text(w, "id", row->patient);
	text(w, "name", row->name);
	text(w, "born", row->born);
	if (hf_date_parse(row->born, false, &born))
		number(w, "age",
		       hf_age_years(hf_london_day(born.lo + 43200000),
				    hf_london_day(now)));
	text(w, "sex", row->sex);
	text(w, "nhs", row->nhs);
	hf_jw_obj_end(w);
}

static const char *const run_words[] = {"running", "paused", "met",
					"late",	   "ended",  "superseded"};

void
hf_hub_json_clock(struct hf_jw *w, const struct hf_pathway *p,
		  const struct hf_hub_clock *c)
{
	const struct hf_pw_clock *clock = &p->clocks[c->clock];

	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(clock->id));
	hf_jw_field(w, "title", hf_sv_from(clock->title));
	hf_jw_field(w, "state", hf_sv_from(run_words[c->state]));
	when(w, "start", c->start);
	when(w, "due", c->due);
	when(w, "stopped", c->stopped);
	number(w, "pausedMs", c->paused_ms);
	flag(w, "warned", c->warned);
	flag(w, "breached", c->breached);
	hf_jw_obj_end(w);
}

static void
put_clocks(struct hf_jw *w, const struct hf_pathway *p, const struct hf_hub_row *row)
{
	hf_jw_member(w, "clocks");
	hf_jw_arr(w);
	for (size_t i = 0; i < row->n_clocks; i++)
		hf_hub_json_clock(w, p, &row->clocks[i]);
	hf_jw_arr_end(w);
	when(w, "next", row->next);
	hf_jw_member(w, "needsReason");
	hf_jw_arr(w);
	for (size_t i = 0; i < row->n_clocks; i++)
		if (row->clocks[i].breached && !row->clocks[i].reasoned)
			hf_jw_str(w, hf_sv_from(p->clocks[row->clocks[i].clock].id));
	hf_jw_arr_end(w);
}

static void
put_owner(struct hf_jw *w, const struct hf_pathway *p, const struct hf_hub_row *row)
{
	bool offered = strcmp(p->states[row->state].id, "allocated") == 0;

	hf_jw_member(w, "owner");
	hf_jw_obj(w);
	hf_jw_field(w, "kind", row->team.n && !offered ? HF_SV("team") : HF_SV("hub"));
	if (row->team.n && !offered) {
		hf_jw_field(w, "id", row->team);
		text(w, "name", row->team_name);
	}
	hf_jw_obj_end(w);
	if (row->team.n && offered) {
		hf_jw_member(w, "offered");
		hf_jw_obj(w);
		hf_jw_field(w, "id", row->team);
		text(w, "name", row->team_name);
		hf_jw_obj_end(w);
	}
}

static void
put_flags(struct hf_jw *w, const struct hf_hub_row *row)
{
	hf_jw_member(w, "flags");
	hf_jw_arr(w);
	for (size_t i = 0; i < row->n_flags; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "category", row->flags[i].category);
		text(w, "text", row->flags[i].text);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_news2(struct hf_jw *w, const struct hf_hub_row *row)
{
	if (row->news2 < 0 && !row->news2_partial)
		return;
	hf_jw_member(w, "news2");
	hf_jw_obj(w);
	if (row->news2_partial)
		flag(w, "partial", true); /* never a total */
	else
		number(w, "total", row->news2);
	hf_jw_obj_end(w);
}

void
hf_hub_json_row(struct hf_jw *w, const struct hf_pathway *p,
		const struct hf_hub_row *row, hf_time now)
{
	const struct hf_pw_state *state = &p->states[row->state];
	const struct hf_hub_word *source = hf_hub_word(HF_HUB_SOURCES, row->source);
	const struct hf_hub_word *group =
	    hf_hub_word(HF_HUB_CONDITIONS, row->condition);

	hf_jw_obj(w);
	hf_jw_field(w, "id", row->id);
	number(w, "version", row->version);
	number(w, "seq", (int64_t)row->seq);
	flag(w, "open", row->open);
	put_person(w, row, now);
	text(w, "locality", row->locality);
	text(w, "localityName", row->locality_name);
	text(w, "postcode", row->postcode);
	text(w, "problem", row->problem);
	text(w, "condition", row->condition);
	if (group)
		hf_jw_field(w, "conditionText", hf_sv_from(group->text));
	text(w, "source", row->source);
	if (source)
		hf_jw_field(w, "sourceText", hf_sv_from(source->text));
	text(w, "service", row->service);
	text(w, "asked", row->asked);
	text(w, "urgency", row->urgency);
	hf_jw_field(w, "state", hf_sv_from(state->id));
	hf_jw_field(w, "stateText", hf_sv_from(state->title));
	when(w, "since", row->since);
	when(w, "received", row->received);
	put_flags(w, row);
	put_news2(w, row);
	if (row->cfs > 0)
		number(w, "cfs", row->cfs);
	put_owner(w, p, row);
	hf_jw_member(w, "skills");
	hf_jw_arr(w);
	for (size_t i = 0; i < row->skills.n; i++)
		hf_jw_str(w, row->skills.items[i]);
	hf_jw_arr_end(w);
	put_clocks(w, p, row);
	number(w, "unread", row->messages);
	hf_jw_obj_end(w);
}

void
hf_hub_json_suggested(struct hf_jw *w, const struct hf_intake_urgency *s)
{
	if (!*s->urgency)
		return;
	hf_jw_member(w, "suggested");
	hf_jw_obj(w);
	hf_jw_field(w, "urgency", hf_sv_from(s->urgency));
	hf_jw_member(w, "reasons");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->n; i++)
		hf_jw_str(w, hf_sv_from(s->reasons[i]));
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

/* ---- views ---- */

static const struct {
	const char *name, *states; /* "": see below */
} views[HF_HUB_VIEWS] = {
    [HF_VIEW_TRIAGE] = {"triage", " received info-requested in-triage rejected "},
    [HF_VIEW_DISPATCH] = {"dispatch", " accepted allocated team-accepted en-route "
				      "failed-contact escalated-999 "},
    [HF_VIEW_TEAM] = {"team", ""},
    [HF_VIEW_OPEN] = {"open", ""},
};

int
hf_hub_view_find(struct hf_sv name)
{
	for (int i = 0; i < HF_HUB_VIEWS; i++)
		if (hf_sv_eq(name, hf_sv_from(views[i].name)))
			return i;
	return -1;
}

const char *
hf_hub_view_name(enum hf_hub_view view)
{
	return views[view].name;
}

bool
hf_hub_view_has(const struct hf_pathway *p, enum hf_hub_view view, struct hf_sv team,
		const struct hf_hub_row *row)
{
	char word[80];

	if (!row->open)
		return false;
	if (view == HF_VIEW_TEAM)
		return row->team.n && hf_sv_eq(row->team, team);
	if (view == HF_VIEW_OPEN)
		return true;
	snprintf(word, sizeof word, " %s ", p->states[row->state].id);
	return strstr(views[view].states, word) != NULL;
}

bool
hf_hub_is_of(const struct hf_hub_row *row, struct hf_sv ods)
{
	return ods.n && (hf_sv_eq(row->hub_ods, ods) || hf_sv_eq(row->team_ods, ods));
}
