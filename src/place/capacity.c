/* capacity.c - whether an entry is stale, and what a team can take. */
#include "place/place_int.h"

enum {
	STALE_DAYS = 90,
	OPEL_RESERVE = 3, /* from this level on the reserve is raised */
	RESERVE_RAISED = 40,
	WEEK_DAYS = 7
};

bool
hf_codes_have(const struct hf_codes *codes, struct hf_sv code)
{
	for (size_t i = 0; i < codes->n; i++)
		if (hf_sv_eq(codes->items[i], code))
			return true;
	return false;
}

bool
hf_team_stale(const struct hf_team *team, hf_time now)
{
	return team->verified == INT64_MIN ||
	       team->verified <= hf_london_day(now) - STALE_DAYS;
}

const struct hf_day_part *
hf_team_part(const struct hf_team *team, int weekday, int minute)
{
	const struct hf_day_part *found = NULL;

	for (size_t i = 0; i < team->n_parts; i++) {
		const struct hf_day_part *p = &team->parts[i];

		if (p->to > minute && p->staffed[weekday] > 0 &&
		    (found == NULL || p->from < found->from))
			found = p;
	}
	return found;
}

static int
reserve(const struct hf_team *team, int staffed, int opel)
{
	int percent = team->reserved_percent;

	if (opel >= OPEL_RESERVE && percent > 0 && percent < RESERVE_RAISED)
		percent = RESERVE_RAISED;
	return (staffed * percent + 50) / 100;
}

struct hf_capacity
hf_part_capacity(const struct hf_team *team, const struct hf_day_part *part,
		 int weekday, int committed, bool urgent, int opel)
{
	struct hf_capacity c = {.committed = committed, .counted = team->n_parts > 0};

	if (part == NULL)
		return c;
	c.from = part->from;
	c.to = part->to;
	c.staffed = part->staffed[weekday];
	c.reserved = reserve(team, c.staffed, opel);
	c.free = c.staffed - committed - (urgent ? 0 : c.reserved);
	if (c.free < 0)
		c.free = 0;
	return c;
}

struct hf_capacity
hf_team_capacity(const struct hf_team *team, hf_time at, int committed, bool urgent,
		 int opel)
{
	struct hf_civil local = hf_london_civil(at);
	int weekday = hf_weekday(hf_london_day(at));
	const struct hf_day_part *part =
	    hf_team_part(team, weekday, local.hour * 60 + local.minute);

	for (int i = 0; part == NULL && i < WEEK_DAYS; i++) {
		weekday = (weekday + 1) % WEEK_DAYS;
		part = hf_team_part(team, weekday, 0);
	}
	return hf_part_capacity(team, part, weekday, committed, urgent, opel);
}
