/* teams.c - the directory as the hub knows it, what is allocated, and who can be
 * asked. */
#include "hub/io/hub_int.h"

#include "record/person_text.h"

#include "base/io/clock.h"

enum { OLD_MS = 60000 }; /* the directory is read again after a minute */

enum hf_rc
hf_hub_directory(struct hf_hub *hub, struct hf_reader *plain, hf_time now,
		 struct hf_err *err)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_directory directory;
	enum hf_rc rc;

	/* While others look, its age is not counted by what they say the time is: of
	 * two requests the older may ask later, and what was done without a network is
	 * told hours after.  Then it would be read twice at once, and be taken away
	 * under somebody's hands.  Without clocks (the generator, tests) time is what
	 * the caller says, and nobody else looks. */
	if (hub->config.clocks)
		now = (hf_time)(hf_mono_ns() / 1000000) + 1;
	if (hub->directory_at && now - hub->directory_at < OLD_MS &&
	    now >= hub->directory_at)
		return HF_OK;
	rc = hf_directory_read(plain, &arena, NULL, &directory, err);
	if (rc != HF_OK) {
		hf_arena_free(&arena);
		return rc;
	}
	/* Whoever looks at the one before has it for as long as this one is new. */
	hf_arena_free(&hub->place_before);
	hub->place_before = hub->place_arena;
	hub->place_arena = arena;
	hub->directory = directory;
	hub->directory_at = now;
	return HF_OK;
}

const struct hf_team *
hf_hub_team(struct hf_hub *hub, struct hf_sv id)
{
	size_t lo = 0, hi = hub->directory.n;

	while (lo < hi) { /* in order of id */
		size_t mid = (lo + hi) / 2;
		int c = hf_sv_cmp(hub->directory.items[mid].id, id);

		if (c == 0)
			return &hub->directory.items[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

bool
hf_hub_has_team(struct hf_hub *hub, struct hf_sv id)
{
	bool there;

	pthread_mutex_lock(&hub->lock);
	there = hf_hub_team(hub, id) != NULL;
	pthread_mutex_unlock(&hub->lock);
	return there;
}

static bool
is_urgent(struct hf_sv urgency)
{
	return urgency.n == 2 && urgency.p[0] == 'U' && urgency.p[1] <= '3';
}

static bool
is_in(const struct hf_hub *hub, const struct hf_hub_row *row, const char *states)
{
	struct hf_sv rest = hf_sv_from(states);

	while (rest.n)
		if (hf_sv_eq(hf_sv_cut(&rest, ' '),
			     hf_sv_from(hub->p->states[row->state].id)))
			return true;
	return false;
}

/* Does it hold a slot of its team?  Who is to be seen today does from the offer until
 * the contact is over; who waits for days or weeks only while somebody is with them
 * or on the way, else a waiting list would leave no slot to anybody. */
static bool
holds_slot(const struct hf_hub *hub, const struct hf_hub_row *row)
{
	if (row->team.n == 0)
		return false;
	if (is_in(hub, row, "en-route in-contact"))
		return true;
	return is_urgent(row->urgency.n ? row->urgency : row->asked) &&
	       is_in(hub, row, "allocated team-accepted failed-contact");
}

int
hf_hub_committed(struct hf_hub *hub, struct hf_sv team)
{
	uint64_t hash = hf_hub_hash(team);
	int n = 0;

	for (size_t i = 0; i < hub->n_slots; i++)
		n += hub->slots[i].used && hf_sv_eq(hub->slots[i].row.team, team) &&
		     holds_slot(hub, &hub->slots[i].row);
	for (size_t i = 0; i < HUB_PENDING; i++)
		if (hub->pending[i].team == hash)
			n += hub->pending[i].n;
	return n;
}

/* Of all teams at once: one look at each row. */
static void
count_committed(struct hf_hub *hub, int *committed)
{
	for (size_t i = 0; i < hub->n_slots; i++) {
		const struct hf_hub_row *row = &hub->slots[i].row;
		const struct hf_team *team;

		if (!hub->slots[i].used || !holds_slot(hub, row))
			continue;
		team = hf_hub_team(hub, row->team);
		if (team)
			committed[team - hub->directory.items]++;
	}
	for (size_t i = 0; i < HUB_PENDING; i++)
		for (size_t k = 0; hub->pending[i].n && k < hub->directory.n; k++)
			if (hf_hub_hash(hub->directory.items[k].id) ==
			    hub->pending[i].team)
				committed[k] += hub->pending[i].n;
}

static int
age_of(const struct hf_hub_row *row, hf_time now)
{
	struct hf_date born;

	if (!hf_date_parse(row->born, false, &born))
		return -1;
	return hf_age_years(hf_london_day(born.lo + 43200000), hf_london_day(now));
}

/* Do the words of a flag name this?  Capitals do not matter. */
static bool
names(struct hf_sv text, struct hf_sv what)
{
	char word[200];
	size_t n = what.n < sizeof word - 1 ? what.n : sizeof word - 1;

	for (size_t i = 0; i < n; i++)
		word[i] = (char)(what.p[i] >= 'A' && what.p[i] <= 'Z' ? what.p[i] + 32
								      : what.p[i]);
	word[n] = '\0';
	return n && hf_mentions(text, word);
}

/* Teams that the person will not have, by what a flag says of refused services (RS):
 * those whose name or service stands in its words.  Bars are shown with their reason
 * and can be overridden with another, so a word too many costs a look and no more. */
static void
add_refused(const struct hf_hub *hub, const struct hf_hub_row *row,
	    struct hf_dispatch_ask *ask)
{
	for (size_t i = 0; i < row->n_flags; i++) {
		struct hf_sv text = row->flags[i].text;

		if (!hf_sv_is(row->flags[i].category, "RS"))
			continue;
		for (size_t k = 0; k < hub->directory.n; k++) {
			const struct hf_team *t = &hub->directory.items[k];
			const struct hf_hub_word *service =
			    hf_hub_word(HF_HUB_SERVICES, t->service);

			if (ask->excluded.n < HF_TEAM_CODES &&
			    (names(text, t->name) ||
			     (service && names(text, hf_sv_from(service->text)))))
				ask->excluded.items[ask->excluded.n++] = t->id;
		}
	}
}

struct hf_dispatch_ask
hf_hub_ask(const struct hf_hub *hub, const struct hf_hub_row *row, bool lead,
	   hf_time now)
{
	struct hf_dispatch_ask ask = {
	    .locality = row->locality,
	    .postcode = row->postcode,
	    .age = age_of(row, now),
	    .sex = row->sex,
	    .urgency = row->urgency.n ? row->urgency : row->asked,
	    .condition = row->condition,
	    .source = row->source,
	    .skills = row->skills,
	    .excluded = row->refused,
	    .now = now,
	    .due = row->next,
	    .opel = hub->opel.level,
	    .lead = lead,
	};

	add_refused(hub, row, &ask);
	return ask;
}

/* The team that has another referral of the same person: continuity. */
static struct hf_sv
current_team(const struct hf_hub *hub, const struct hf_hub_row *row)
{
	for (size_t i = 0; i < hub->n_slots; i++) {
		const struct hf_hub_row *other = &hub->slots[i].row;

		if (hub->slots[i].used && other->team.n && row->patient.n &&
		    hf_sv_eq(other->patient, row->patient) &&
		    !hf_sv_eq(other->id, row->id))
			return other->team;
	}
	return (struct hf_sv){0};
}

struct hf_dispatch_choice *
hf_hub_rank(struct hf_hub *hub, const struct hf_hub_row *row, bool lead, hf_time now,
	    struct hf_arena *arena, struct hf_dispatch_ask *ask)
{
	size_t n = hub->directory.n;
	struct hf_dispatch_choice *choices =
	    hf_arena_array(arena, n + 1, sizeof *choices);
	int *committed = hf_arena_array(arena, n + 1, sizeof *committed);

	*ask = hf_hub_ask(hub, row, lead, now);
	ask->current = current_team(hub, row);
	if (!choices || !committed)
		return NULL;
	count_committed(hub, committed);
	hf_dispatch_rank(&hub->directory, committed, ask, &hf_dispatch_weights,
			 choices);
	return choices;
}

/* What stands against a team, by the same rules as its place in the ranking. */
static uint32_t
bars_of(struct hf_hub *hub, const struct hf_hub_row *row, const struct hf_team *team,
	bool lead, hf_time now, struct hf_arena *scratch)
{
	struct hf_dispatch_ask ask;
	struct hf_dispatch_choice *choices =
	    hf_hub_rank(hub, row, lead, now, scratch, &ask);

	for (size_t i = 0; choices && i < hub->directory.n; i++)
		if (&hub->directory.items[choices[i].team] == team)
			return choices[i].bars;
	return 0;
}

static enum hf_rc
say_bars(uint32_t bars, struct hf_err *err)
{
	char text[200] = "";
	size_t n = 0;

	for (uint32_t bar = 1; bar <= HF_BAR_LEAD; bar <<= 1)
		if (bars & bar && n + 80 < sizeof text)
			n += (size_t)snprintf(
			    text + n, sizeof text - n, "%s%s", n ? "; " : "",
			    hf_dispatch_bar_text((enum hf_dispatch_bar)bar));
	return hf_fail(err, HF_RULE, "team",
		       "%s: give a reason to ask the team all the same", text);
}

static enum hf_rc
check_team(struct hf_hub *hub, const struct hf_hub_row *row, const struct hf_team *team,
	   bool why, bool lead, hf_time now, struct hf_err *err)
{
	struct hf_capacity capacity =
	    hf_team_capacity(team, now, hf_hub_committed(hub, team->id),
			     hf_urgency_urgent(row->urgency), hub->opel.level);
	struct hf_arena scratch = {.cap = 8 << 20};
	uint32_t bars;

	if (!team->active)
		return hf_fail(err, HF_RULE, "team", "the team is no longer there");
	if (capacity.counted && capacity.free <= 0)
		return hf_fail(
		    err, HF_RULE, "team",
		    "the team has no free slot: %d staffed, %d committed, %d "
		    "kept for urgent referrals",
		    capacity.staffed, capacity.committed, capacity.reserved);
	/* A reason does not stand in for the lead. */
	if (hub->opel.level >= 3 && !lead && hf_urgency_routine(row->urgency))
		return hf_fail(err, HF_RULE, "team",
			       "%s: the hub's clinical lead allocates it",
			       hf_dispatch_bar_text(HF_BAR_LEAD));
	bars = why ? 0 : bars_of(hub, row, team, lead, now, &scratch);
	hf_arena_free(&scratch);
	return bars ? say_bars(bars, err) : HF_OK;
}

enum hf_rc
hf_hub_reserve(struct hf_hub *hub, const struct hf_hub_row *row, struct hf_sv id,
	       bool why, bool lead, hf_time now, uint64_t *reserved, struct hf_err *err)
{
	const struct hf_team *team = hf_hub_team(hub, id);
	size_t free_at = HUB_PENDING;
	enum hf_rc rc;

	if (!team)
		return hf_fail(err, HF_INVALID, "team",
			       "there is no team with this id");
	rc = check_team(hub, row, team, why, lead, now, err);
	if (rc)
		return rc;
	*reserved = hf_hub_hash(id);
	for (size_t i = 0; i < HUB_PENDING; i++) {
		if (hub->pending[i].n && hub->pending[i].team == *reserved) {
			hub->pending[i].n++;
			return HF_OK;
		}
		if (hub->pending[i].n == 0 && free_at == HUB_PENDING)
			free_at = i;
	}
	if (free_at == HUB_PENDING)
		return hf_fail(err, HF_BUSY, "team",
			       "too many are being allocated at once: try again");
	hub->pending[free_at].team = *reserved;
	hub->pending[free_at].n = 1;
	return HF_OK;
}

void
hf_hub_release(struct hf_hub *hub, uint64_t reserved)
{
	for (size_t i = 0; reserved && i < HUB_PENDING; i++)
		if (hub->pending[i].team == reserved && hub->pending[i].n) {
			hub->pending[i].n--;
			return;
		}
}

static enum hf_rc
fill_teams(struct hf_hub *hub, struct hf_sv id, bool lead, hf_time now,
	   struct hf_arena *arena, struct hf_hub_teams *out, struct hf_err *err)
{
	const struct hub_slot *s = id.n ? hf_hub_slot(hub, id) : NULL;
	size_t n = hub->directory.n;
	struct hf_dispatch_ask ask = {.age = -1, .now = now, .due = HF_TIME_MAX};

	if (id.n && !s)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no open referral of "
			       "this id");
	out->choices = hf_arena_array(arena, n + 1, sizeof *out->choices);
	out->committed = hf_arena_array(arena, n + 1, sizeof *out->committed);
	if (!out->choices || !out->committed)
		return hf_fail(err, HF_TOO_LONG, NULL, "the directory is too large");
	out->directory = hub->directory;
	count_committed(hub, out->committed);
	if (s) {
		ask = hf_hub_ask(hub, &s->row, lead, now);
		ask.current = current_team(hub, &s->row);
		hf_dispatch_rank(&hub->directory, out->committed, &ask,
				 &hf_dispatch_weights, out->choices);
	}
	for (size_t i = 0; !s && i < n; i++)
		out->choices[i] = (struct hf_dispatch_choice){
		    .team = (uint32_t)i,
		    .capacity =
			hf_team_capacity(&hub->directory.items[i], now,
					 out->committed[i], false, hub->opel.level)};
	return HF_OK;
}

enum hf_rc
hf_hub_teams(struct hf_hub *hub, struct hf_sv id, const struct hf_hub_actor *who,
	     hf_time now, struct hf_arena *arena, struct hf_hub_teams *out,
	     struct hf_err *err)
{
	struct hf_reader *plain = NULL;
	enum hf_rc rc = hf_reader_get(hub->store, &plain, err);

	if (rc)
		return rc;
	*out = (struct hf_hub_teams){0};
	pthread_mutex_lock(&hub->lock);
	rc = hf_hub_directory(hub, plain, now, err);
	if (rc == HF_OK)
		rc = fill_teams(hub, id, who && hf_hub_is_lead(hub, who), now, arena,
				out, err);
	pthread_mutex_unlock(&hub->lock);
	hf_reader_put(plain);
	return rc;
}
