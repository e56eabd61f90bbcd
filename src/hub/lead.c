/* lead.c - which referrals are behind a figure. */
#include "hub/lead.h"

enum { HOUR_MS = 3600000 };
#define DAY_MS ((int64_t)HF_LEAD_HOURS * HOUR_MS)

static const struct {
	const char *code, *text;
} exits[HF_EXITS] = {
    [HF_EXIT_NONE] = {"", ""},
    [HF_EXIT_DUPLICATE] = {"duplicate", "Duplicate of another referral"},
    [HF_EXIT_CONVEYED] = {"conveyed", "Taken to hospital by ambulance first"},
    [HF_EXIT_DECLINED] = {"declined", "The person declined"},
    [HF_EXIT_DIED] = {"died", "The person died"},
    [HF_EXIT_OTHER] = {"other", "Ended another way without a contact"},
};

const char *
hf_lead_exit_code(enum hf_lead_exit exit)
{
	return exits[exit].code;
}

const char *
hf_lead_exit_text(enum hf_lead_exit exit)
{
	return exits[exit].text;
}

static const char *const figures[HF_LEAD_FIGURES] = {
    [HF_LEAD_ARRIVED] = "arrived",
    [HF_LEAD_TRIAGED] = "triaged",
    [HF_LEAD_TRIAGED_LATE] = "triaged-late",
    [HF_LEAD_UNTRIAGED] = "untriaged",
    [HF_LEAD_WAITING] = "waiting",
    [HF_LEAD_WAITING_LATE] = "waiting-late",
    [HF_LEAD_SCOPE] = "scope",
    [HF_LEAD_CONTACTS] = "contacts",
    [HF_LEAD_MET] = "met",
    [HF_LEAD_MISSED] = "missed",
    [HF_LEAD_EXCLUDED] = "excluded",
    [HF_LEAD_ALL_CONTACTS] = "all-contacts",
    [HF_LEAD_UNMET] = "unmet",
    [HF_LEAD_LOCALITY] = "locality",
    [HF_LEAD_LOCALITY_LATE] = "locality-late",
};

int
hf_lead_figure_find(struct hf_sv name)
{
	for (int i = 0; i < HF_LEAD_FIGURES; i++)
		if (hf_sv_eq(name, hf_sv_from(figures[i])))
			return i;
	return -1;
}

const char *
hf_lead_figure_name(enum hf_lead_figure figure)
{
	return figures[figure];
}

/* ---- a referral ---- */

hf_time
hf_lead_hour(hf_time t)
{
	hf_time over = t % HOUR_MS;

	return t - (over < 0 ? over + HOUR_MS : over);
}

struct hf_sv
hf_lead_urgency(const struct hf_lead_referral *r)
{
	return r->urgency.n ? r->urgency : r->asked;
}

bool
hf_lead_urgent(const struct hf_lead_referral *r)
{
	return r->asked.n == 2 && r->asked.p[0] == 'U' && r->asked.p[1] >= '0' &&
	       r->asked.p[1] <= '3';
}

static bool
late_now(const struct hf_lead_referral *r, hf_time now)
{
	return r->open && r->due < now;
}

static bool
untriaged(const struct hf_lead_referral *r)
{
	return r->open && r->c3.began &&
	       (r->c3.state == HF_RUN_RUNNING || r->c3.state == HF_RUN_PAUSED);
}

/* Triage was decided in the 24 hours before now. */
static bool
triaged(const struct hf_lead_referral *r, hf_time now)
{
	return r->c3.began &&
	       (r->c3.state == HF_RUN_MET || r->c3.state == HF_RUN_LATE) &&
	       r->c3.stopped <= now && r->c3.stopped > now - DAY_MS;
}

/* Does count it?  A referral whose C1 was breached stays in scope whatever the
 * urgency became: a lower one given late must not make the figure better. */
static bool
in_scope(const struct hf_lead_referral *r)
{
	return r->c1.began && !hf_sv_is(r->state, "void") &&
	       (hf_sv_is(hf_lead_urgency(r), "U1") || r->c1.breached);
}

static bool
in_month(const struct hf_lead_referral *r, int32_t year, int month)
{
	struct hf_civil c = hf_london_civil(r->received);

	return c.year == year && c.month == month;
}

static bool
same(struct hf_sv asked, bool any, struct hf_sv is)
{
	return any || hf_sv_eq(asked, is);
}

static bool
in_hour(hf_time t, hf_time hour, hf_time now)
{
	hf_time first = hf_lead_hour(now) - (HF_LEAD_HOURS - 1) * (int64_t)HOUR_MS;

	if (hour)
		return t >= hour && t < hour + HOUR_MS;
	return t >= first && t <= now;
}

static bool
unmet(const struct hf_lead_referral *r, const struct hf_lead_ask *ask, hf_time now)
{
	if (!same(ask->locality, ask->any, r->locality) ||
	    !same(ask->service, ask->any, r->service))
		return false;
	for (size_t i = 0; i < r->n_refusals; i++)
		if (in_hour(r->refusals[i].at, ask->hour, now))
			return true;
	return false;
}

/* Figures of. */
static bool
measured(const struct hf_lead_referral *r, const struct hf_lead_ask *ask)
{
	if (!in_month(r, ask->year, ask->month))
		return false;
	if (ask->figure == HF_LEAD_ALL_CONTACTS)
		return r->contact && r->c1.began;
	if (!in_scope(r))
		return false;
	switch (ask->figure) {
	case HF_LEAD_CONTACTS:
		return r->contact != 0;
	case HF_LEAD_MET:
		return r->contact && r->c1.state == HF_RUN_MET;
	case HF_LEAD_MISSED:
		return r->contact && r->c1.state != HF_RUN_MET;
	case HF_LEAD_EXCLUDED:
		return !r->contact && !r->open && r->exit != HF_EXIT_NONE &&
		       (ask->exit == HF_EXIT_NONE || ask->exit == r->exit);
	default:
		return true;
	}
}

bool
hf_lead_is(const struct hf_lead_referral *r, const struct hf_lead_ask *ask, hf_time now)
{
	bool waits = r->open && !r->contact;

	switch (ask->figure) {
	case HF_LEAD_ARRIVED:
		return in_hour(r->received, ask->hour, now);
	case HF_LEAD_TRIAGED:
		return triaged(r, now) && hf_lead_urgent(r) == ask->urgent;
	case HF_LEAD_TRIAGED_LATE:
		return triaged(r, now) && hf_lead_urgent(r) == ask->urgent &&
		       r->c3.state == HF_RUN_LATE;
	case HF_LEAD_UNTRIAGED:
		return untriaged(r) && hf_lead_urgent(r) == ask->urgent;
	case HF_LEAD_WAITING:
		return waits && hf_sv_eq(hf_lead_urgency(r), ask->urgency);
	case HF_LEAD_WAITING_LATE:
		return waits && hf_sv_eq(hf_lead_urgency(r), ask->urgency) &&
		       late_now(r, now);
	case HF_LEAD_UNMET:
		return unmet(r, ask, now);
	case HF_LEAD_LOCALITY:
		return r->open && same(ask->locality, ask->any, r->locality);
	case HF_LEAD_LOCALITY_LATE:
		return r->open && same(ask->locality, ask->any, r->locality) &&
		       late_now(r, now);
	default:
		return measured(r, ask);
	}
}
