/* play_move.c - one move of a referral that is played: by whom, to which team. */
#include "cli/io/play_int.h"

#include <stdio.h>

/* Who plays the roles of the pathway. */
static const struct player {
	const char *role, *access, *name;
} players[] = {
    {"referrer", "named-gp", "Referrer"},
    {"call-handler", "call-handler", "Jamie Lund"},
    {"triage-clinician", "triage-clinician", "Rowan Achebe"},
    {"dispatcher", "dispatcher", "Mina Dale"},
    {"team-member", "community-nurse", "Team desk"},
    {"practitioner", "community-nurse", "Sam Okafor"},
    {"team-lead", "team-lead", "Ines Marlow"},
    {"records-officer", "system", "Message"},
    {"clinical-lead", "clinical-lead", "Dr Ola Brandt"},
};

static void
refuse(struct play *play, struct course *c, const struct hf_err *err)
{
	if (play->out->refused++ == 0)
		snprintf(play->out->reason, sizeof(play->out->reason), "%s: %s",
			 c->r.moves[c->next].event, err->text);
	c->next = c->r.n;
}

struct hf_hub_actor
hf_play_actor(const struct play *play, const char *role)
{
	struct hf_hub_actor who = {
	    .id = HF_SV("generate"),
	    .name = HF_SV("homefirst"),
	    .role = HF_SV("system"),
	    .purpose = HF_SV("HTEST"),
	    .anywhere = true,
	};
	int r = hf_pw_role(play->p, hf_sv_from(role));

	if (r >= 0)
		who.roles = (hf_pw_set)1 << r;
	if (!*role) { /* what happens by time */
		who.roles = ~(hf_pw_set)0;
		who.program = true;
	}
	for (size_t i = 0; i < HF_COUNT(players); i++) {
		if (strcmp(players[i].role, role) != 0)
			continue;
		who.name = hf_sv_from(players[i].name);
		who.role = hf_sv_from(players[i].access);
	}
	return who;
}

static enum hf_rc
submit(struct play *play, struct course *c, struct lane *lane, hf_time at)
{
	struct hf_hub_actor who = hf_play_actor(play, c->r.moves[0].by);
	struct hf_issues issues = {.arena = &lane->arena};
	struct hf_intake in = {0};
	struct hf_json doc;
	enum hf_rc rc = hf_json_parse(c->r.intake, NULL, &lane->arena, &doc, play->err);

	if (rc == HF_OK)
		rc = hf_intake_read(&doc, 0, &lane->arena, &issues, &in, play->err);
	if (rc != HF_OK && issues.n > 0)
		return hf_fail(play->err, rc, NULL, "%.*s: %.*s",
			       HF_SV_ARG(issues.items[0].path),
			       HF_SV_ARG(issues.items[0].text));
	if (rc == HF_OK)
		rc = hf_hub_submit(play->hub, play->reader, &who, &in, at, &lane->arena,
				   &lane->work, play->err);
	play->out->referrals += rc == HF_OK;
	return rc;
}

/* The first team that may be asked; n 0: none.  Where there is no other, one that has
 * declined is asked again, after a while and with a reason. */
static enum hf_rc
choose_team(struct play *play, struct course *c, struct lane *lane, hf_time at,
	    struct hf_hub_move *move)
{
	struct hf_hub_teams teams;
	enum hf_rc rc =
	    hf_hub_teams(play->hub, c->task, NULL, at, &lane->arena, &teams, play->err);

	for (size_t i = 0; rc == HF_OK && i < teams.directory.n; i++) {
		const struct hf_dispatch_choice *choice = &teams.choices[i];

		if (choice->bars == HF_BAR_EXCLUDED && c->late > 0)
			move->note = HF_SV("Asked again: nobody else does this here.");
		else if (choice->bars != 0)
			continue;
		move->team = teams.directory.items[choice->team].id;
		break;
	}
	return rc;
}

/* What a team writes comes from its organisation, else the hub would seem to say it. */
static void
write_as_team(struct play *play, struct course *c, struct lane *lane,
	      struct hf_hub_actor *who)
{
	struct hf_hub_row row;

	if (strcmp(c->r.moves[c->next].by, "team-member") != 0 ||
	    !hf_hub_row(play->hub, c->task, &lane->arena, &row) || row.team_ods.n == 0)
		return;
	who->anywhere = false;
	who->ods = row.team_ods;
}

/* Has the hub done by itself what a clock does, or what stood before it? */
static bool
is_done(struct play *play, struct course *c, struct lane *lane)
{
	const struct hf_synth_move *m = &c->r.moves[c->next];
	int event = hf_pw_event(play->p, hf_sv_from(m->event));
	struct hf_hub_row row;

	if (!m->clock || event < 0)
		return false;
	if (!hf_hub_row(play->hub, c->task, &lane->arena, &row))
		return true; /* it is not open any more */
	return play->p->place[row.state][event] == play->p->place[row.state][event + 1];
}

/* Nobody can be asked now: everything that is left comes half an hour later. */
static void
postpone(struct play *play, struct course *c)
{
	c->late += 30 * MINUTE;
	play->out->postponed++;
}

enum step
hf_play_step(struct play *play, struct course *c, struct lane *lane, hf_time at,
	     enum hf_rc *rc)
{
	const struct hf_synth_move *m = &c->r.moves[c->next];
	struct hf_hub_actor who = hf_play_actor(play, m->by);
	struct hf_hub_move move = {
	    .id = c->task,
	    .event = hf_sv_from(m->event),
	    .facts = m->facts,
	    .note = hf_sv_from(m->note),
	    .at = at,
	};

	if (c->next == 0) {
		*rc = submit(play, c, lane, at);
	} else if (is_done(play, c, lane)) {
		play->out->skipped++;
		c->next++;
		return STEP_NONE;
	} else {
		*rc = m->team ? choose_team(play, c, lane, at, &move) : HF_OK;
		if (*rc == HF_OK && m->team && move.team.n == 0) {
			postpone(play, c);
			return STEP_NONE;
		}
		if (m->event[0] == '@')
			write_as_team(play, c, lane, &who);
		if (*rc == HF_OK)
			*rc = hf_hub_move(play->hub, play->reader, &who, &move,
					  &lane->arena, &lane->work, play->err);
	}
	if (*rc == HF_OK)
		return STEP_DONE;
	if (*rc == HF_RULE && m->team && strcmp(play->err->path, "team") == 0) {
		postpone(play, c); /* its last slot has just been taken */
		*rc = HF_OK;
		return STEP_NONE;
	}
	if (*rc != HF_RULE && *rc != HF_INVALID && *rc != HF_NOT_FOUND)
		return STEP_FAILED;
	refuse(play, c, play->err);
	*rc = HF_OK;
	return STEP_NONE;
}
